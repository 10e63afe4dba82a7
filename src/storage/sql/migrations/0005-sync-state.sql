-- What the last completed run knew of each of Apple's lists (model/sync-state.ts).
create table sync_state (
  token_number {integer} not null references vpp_token (number) on delete cascade,
  list {text} not null,
  version_id {text} not null,
  walked_at {text},
  primary key (token_number, list)
) {strict};

alter table sync_run add column versions_before {text} not null default '{}';
alter table sync_run add column readings {text} not null default '{}';
alter table sync_run add column counts {text};
alter table sync_run add column refusals {text} not null default '[]';

-- What each run changed, row by row. There can be many: as with Apple's rows, those of a removed token are swept away later, and
-- those of a run that was kept long enough go before it, in small steps.
create table run_change (
  number {number},
  token_number {integer} not null,
  run_id {text} not null,
  subject {text} not null,
  change {text} not null,
  adam_id {text},
  pricing_param {text},
  serial_number {text},
  client_user_id {text},
  counts_before {text},
  counts_after {text},
  status_before {text},
  status_after {text}
) {strict};

create index run_change_by_run on run_change (token_number, run_id, number);

-- The licences of one app again, but out of the way of look-ups by the whole key: before a database knows how many rows an app
-- has, it takes the smaller index for the better one. Only questions that say the condition find it; it is true of every row.
drop index assignment_by_app;
create index assignment_by_app on assignment (token_number, adam_id, number) where target >= '';
