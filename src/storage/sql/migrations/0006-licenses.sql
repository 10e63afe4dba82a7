-- Work on licences that was asked for (model/license-intent.ts).
create table license_intent (
  number {number},
  token_number {integer} not null references vpp_token (number) on delete cascade,
  tenant_id {text} not null,
  id {text} not null,
  action {text} not null,
  status {text} not null,
  cause {text} not null,
  requested_by {text} not null,
  total_count {integer} not null,
  done_count {integer} not null,
  skipped_count {integer} not null,
  failed_count {integer} not null,
  unknown_count {integer} not null,
  message {text},
  created_date_time {text} not null,
  created_date_time_offset {integer} not null,
  started_date_time {text} not null,
  started_date_time_offset {integer} not null,
  ended_date_time {text} not null,
  ended_date_time_offset {integer} not null,
  version {integer} not null,
  cursor {integer} not null,
  wake_at {text} not null,
  paused_until {text},
  setbacks {integer} not null,
  item_id {text},
  -- Last, since it can be long.
  request {text}
) {strict};

create unique index license_intent_by_id on license_intent (tenant_id, id);
create index license_intent_by_token on license_intent (token_number, number);
create index open_license_intent on license_intent (token_number, number) where status in ('waiting', 'active');

-- One write to Apple each.
create table license_step (
  number {number},
  intent_number {integer} not null references license_intent (number) on delete cascade,
  id {text} not null unique,
  write {text} not null,
  status {text} not null,
  event_id {text},
  tries {integer} not null,
  sent_at {text} not null,
  poll_at {text} not null
) {strict};

create index license_step_by_event on license_step (event_id) where event_id is not null;
create index open_license_step on license_step (intent_number, number) where status <> 'settled';

-- One per pair or user; there can be a million, so as Apple's rows they go by the sweeper and not with their intent.
create table license_receipt (
  number {number},
  token_number {integer} not null,
  intent_number {integer} not null,
  step_number {integer},
  adam_id {text} not null,
  pricing_param {text} not null,
  target_kind {integer} not null,
  target {text} not null,
  email {text},
  managed_apple_id {text},
  status {integer} not null,
  reason {text},
  error_number {integer} not null,
  tries {integer} not null
) {strict};

create unique index license_receipt_by_pair on license_receipt (intent_number, adam_id, pricing_param, target_kind, target);
create index license_receipt_by_intent on license_receipt (intent_number, number);
create index license_receipt_by_token on license_receipt (token_number, number);
create index waiting_license_receipt on license_receipt (intent_number, number) where status = 0 and step_number is null;
create index license_receipt_by_step on license_receipt (step_number, number) where step_number is not null;
-- What was assigned through Pomona.
create index license_receipt_done on license_receipt (token_number, adam_id, pricing_param, target_kind, target) where status = 1;
