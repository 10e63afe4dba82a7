-- Who manages a location, as its tenant sees it (model/ownership.ts). No reference to tokens: it outlives them.
create table location_ownership (
  tenant_id {text} not null references tenant (id) on delete cascade,
  location_id {text} not null,
  mdm_id {text} not null,
  state {text} not null,
  state_since {text} not null,
  seen_holder {text},
  confirm_at {text},
  release_by {text},
  finding {text},
  primary key (tenant_id, location_id)
) {strict};

-- Where Apple may tell of changes (model/notification-channel.ts), and what it has told lately.
create table notification_channel (
  id {text} primary key,
  token_number {integer} not null unique references vpp_token (number) on delete cascade,
  url {text},
  registered_at {text},
  secret_hash {text},
  pending_hash {text},
  finding {text},
  retry_at {text},
  stale {text} not null,
  last_received_at {text}
) {strict};

create table received_notification (
  channel_id {text} not null references notification_channel (id) on delete cascade,
  notification_id {text} not null,
  at {text} not null,
  primary key (channel_id, notification_id)
) {strict};

create index received_notification_by_age on received_notification (channel_id, at);
