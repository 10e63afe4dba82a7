-- What intents that are kept no longer have given out: it stays known which licences came through Pomona.
create table given_license (
  number {number},
  token_number {integer} not null,
  adam_id {text} not null,
  pricing_param {text} not null,
  target_kind {integer} not null,
  target {text} not null
) {strict};

create unique index given_license_by_pair on given_license (token_number, adam_id, pricing_param, target_kind, target);
create index ended_license_intent on license_intent (ended_date_time) where status not in ('waiting', 'active');
