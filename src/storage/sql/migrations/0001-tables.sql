-- Words in braces differ between databases; sql/dialect.ts says what they mean.

create table tenant (
  id {text} primary key,
  name {text} not null,
  status {text} not null,
  created_at {text} not null
) {strict};

create table client (
  tenant_id {text} not null references tenant (id) on delete cascade,
  id {text} not null,
  name {text} not null,
  roles {text} not null,
  secret_hash {text} not null,
  created_at {text} not null,
  primary key (tenant_id, id)
) {strict};

create table signing_key (
  id {text} primary key,
  algorithm {text} not null,
  public_jwk {text} not null,
  created_at {text} not null,
  retired_at {text}
) {strict};

create table instance_fact (
  name {text} primary key,
  value {text} not null
) {strict};

-- Every sealed secret of the instance (tenant_id is empty) and of all tenants, so that a change of keys is one loop.
create table sealed_secret (
  tenant_id {text} not null,
  record_id {text} not null,
  property {text} not null,
  key_id {text} not null,
  box {bytes} not null,
  primary key (tenant_id, record_id, property)
) {strict};

create index sealed_secret_by_key on sealed_secret (key_id);

-- No reference to the tenant: the audit outlives it.
create table audit_event (
  tenant_id {text} not null,
  at {text} not null,
  id {text} not null,
  actor {text} not null,
  action {text} not null,
  subject {text} not null,
  details {text} not null,
  primary key (tenant_id, at, id)
) {strict};

create table vpp_token (
  number {number},
  tenant_id {text} not null references tenant (id) on delete cascade,
  id {text} not null,
  organization_name {text},
  vpp_token_account_type {text} not null,
  apple_id {text},
  expiration_date_time {text} not null,
  expiration_date_time_offset {integer} not null,
  last_sync_date_time {text} not null,
  last_sync_date_time_offset {integer} not null,
  last_modified_date_time {text} not null,
  last_modified_date_time_offset {integer} not null,
  state {text} not null,
  last_sync_status {text} not null,
  automatically_update_apps {integer} not null,
  country_or_region {text},
  display_name {text},
  location_name {text},
  data_sharing_consent_granted {integer} not null,
  claim_token_management_from_external_mdm {integer} not null,
  role_scope_tag_ids {text} not null,
  token_action_results {text} not null,
  apple_device_app_delivery_protocol_type {text} not null,
  last_app_count {integer} not null,
  state_reason {text} not null,
  state_message {text},
  recommended_action {text} not null,
  content_fingerprint {text},
  pending_content_fingerprint {text},
  content_expiration_date_time {text} not null,
  content_expiration_date_time_offset {integer} not null,
  location_id {text},
  apple_country_or_region {text},
  mdm_holder {text},
  total_license_count {integer} not null,
  used_license_count {integer} not null,
  last_verified_date_time {text} not null,
  last_verified_date_time_offset {integer} not null,
  next_sync_date_time {text} not null,
  next_sync_date_time_offset {integer} not null,
  version {integer} not null,
  created_at {text} not null,
  due_at {text} not null,
  finding {text},
  content_hash {text},
  fence {integer} not null default 0,
  unique (tenant_id, id)
) {strict};

create index vpp_token_by_location on vpp_token (tenant_id, location_id) where location_id is not null;
create index vpp_token_by_content on vpp_token (tenant_id, content_hash) where content_hash is not null;
create index vpp_token_by_due_at on vpp_token (due_at, number);
-- The key of a token's lease (ports/instance-store.ts, Lease).
create index vpp_token_by_lease on vpp_token (coalesce(location_id, content_hash, id));

create table idempotent_create (
  tenant_id {text} not null references tenant (id) on delete cascade,
  client_id {text} not null,
  key {text} not null,
  request_hash {text} not null,
  at {text} not null,
  created {text} not null,
  primary key (tenant_id, client_id, key)
) {strict};

create index idempotent_create_by_age on idempotent_create (at);

create table location_lease (
  location_key {text} primary key,
  holder {text} not null,
  until {text} not null
) {strict};

create index location_lease_by_holder on location_lease (holder);

create table sync_run (
  id {text} primary key,
  token_number {integer} not null references vpp_token (number) on delete cascade,
  cause {text} not null,
  status {text} not null,
  requested_at {text} not null,
  started_at {text},
  ended_at {text},
  finding {text},
  figures {text} not null,
  versions {text} not null,
  unknown_fields {text} not null
) {strict};

create index sync_run_by_token on sync_run (token_number, requested_at, id);
create unique index one_active_sync_run on sync_run (token_number) where status in ('queued', 'running');

-- Apple's rows of a token can be a million. They have no reference that cascades: a removed token leaves its number in
-- removed_token, in the same transaction, and its rows, which nobody can reach any more, go in small steps (sql/sweeper.ts).
create table removed_token (
  number {integer} primary key
) {strict};

create table asset (
  number {number},
  token_number {integer} not null,
  adam_id {text} not null,
  pricing_param {text} not null,
  product_type {text} not null,
  total_count {integer} not null,
  available_count {integer} not null,
  assigned_count {integer} not null,
  retired_count {integer} not null,
  is_unlimited {integer} not null,
  is_device_assignable {integer} not null,
  is_revocable {integer} not null,
  supported_platforms {text} not null
) {strict};

create unique index asset_by_key on asset (token_number, adam_id, pricing_param);
create index asset_by_token on asset (token_number, number);

create table assignment (
  number {number},
  token_number {integer} not null,
  adam_id {text} not null,
  pricing_param {text} not null,
  target_kind {integer} not null,
  target {text} not null
) {strict};

create unique index assignment_by_key on assignment (token_number, adam_id, pricing_param, target_kind, target);
create index assignment_by_token on assignment (token_number, number);

create table apple_user (
  number {number},
  token_number {integer} not null,
  client_user_id {text} not null,
  id_hash {text},
  invite_code {text},
  email {text},
  status {text} not null
) {strict};

-- An absent part is a key part of its own, apart from an empty one.
create unique index apple_user_by_key
  on apple_user (token_number, client_user_id, coalesce('=' || id_hash, ''), coalesce('=' || invite_code, ''));
create index apple_user_by_token on apple_user (token_number, number);
