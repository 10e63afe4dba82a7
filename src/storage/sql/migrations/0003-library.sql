-- Apps and books (model/library-item.ts). As Apple's rows they have no reference to their token: those of a removed one are out
-- of reach at once, since every read goes through the token, and are swept away later. The tenant is repeated for the indexes.
create table library_item (
  number {number},
  tenant_id {text} not null,
  token_number {integer} not null,
  id {text} not null,
  content_kind {text} not null,
  adam_id {text} not null,
  display_name {text},
  publisher {text},
  bundle_id {text},
  total_license_count {integer} not null,
  used_license_count {integer} not null,
  available_license_count {integer} not null,
  is_unlimited {integer} not null,
  is_assigned {integer} not null,
  created_date_time {text} not null,
  created_date_time_offset {integer} not null,
  last_modified_date_time {text} not null,
  last_modified_date_time_offset {integer} not null,
  release_date_time {text} not null,
  release_date_time_offset {integer} not null,
  licensing_type {text},
  applicable_device_type {text},
  app_store_url {text},
  information_url {text},
  privacy_information_url {text},
  language {text},
  genres {text} not null,
  revoke_license_action_results {text} not null,
  metadata_at {text},
  metadata_from {text},
  icon_url {text},
  icon_from {text},
  version {integer} not null,
  -- Last, since it can be long.
  description {text}
) {strict};

create unique index library_item_by_id on library_item (tenant_id, id);
create unique index library_item_by_key on library_item (token_number, adam_id, content_kind);
create index library_item_by_token on library_item (token_number, id);
-- With the number of the token, so that counts need no row of the table.
create index library_item_by_kind on library_item (tenant_id, content_kind, id, token_number);
create index library_item_by_bundle on library_item (tenant_id, bundle_id) where bundle_id is not null;

-- Pictures are large, and only single items show theirs.
create table library_icon (
  item_number {integer} primary key references library_item (number) on delete cascade,
  type {text} not null,
  value {text} not null
) {strict};

-- The licences of one app, in the order in which they were stored.
create index assignment_by_app on assignment (token_number, adam_id, number);
