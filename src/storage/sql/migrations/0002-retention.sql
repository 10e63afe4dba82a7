-- What has been kept long enough is found by its age, over all tenants (ports/instance-store.ts, Retention).
create index audit_event_by_age on audit_event (at);
create index sync_run_by_end on sync_run (ended_at) where ended_at is not null;
