-- By how much Apple's date for a content token differs from its own (model/vpp-token.ts).
alter table vpp_token add column expiration_drift_seconds {integer} not null default 0;
-- Types of notification that this program does not know, until a run's record takes them over (model/notification-channel.ts).
alter table notification_channel add column unknown_types {text} not null default '[]';
