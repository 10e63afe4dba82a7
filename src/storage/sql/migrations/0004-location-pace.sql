-- The pace at which a location may be asked (ports/location-pace.ts), in milliseconds since 1970 by the clock of whoever keeps it.
create table location_pace (
  location_key {text} primary key,
  paused_until_ms {integer} not null,
  -- From here on where several processes share the database: when the next request may start, the starts of those in flight in
  -- the form {1,2}, and the start that was granted last, null when it was refused.
  next_start_ms {integer} not null,
  places {text} not null,
  granted_ms {integer}
) {strict};
