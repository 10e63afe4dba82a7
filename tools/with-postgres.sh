#!/usr/bin/env bash
# Runs a command beside a throwaway PostgreSQL server, whose address it finds in POMONA_TEST_POSTGRES_URL:
#
#     tools/with-postgres.sh npx vitest run test/contract/postgres.test.ts
#
# The server listens on 127.0.0.1 alone, asks for a password made for this one run, never waits for the disk, and is gone with
# everything in it when the command ends. Needs PostgreSQL's own programs (Debian: postgresql), but no server that runs.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo 'Give the command to run: tools/with-postgres.sh COMMAND [ARGUMENT…]' >&2
  exit 2
fi

programs() {
  if command -v initdb >/dev/null; then
    dirname "$(command -v initdb)"
  else
    ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1
  fi
}

bin=$(programs)
if [ ! -x "${bin:-}/initdb" ] || [ ! -x "$bin/pg_ctl" ]; then
  echo "PostgreSQL's programs initdb and pg_ctl are neither in PATH nor under /usr/lib/postgresql. Install PostgreSQL (Debian: apt-get install postgresql)." >&2
  exit 2
fi

# PostgreSQL refuses to run as root.
as_server() { "$@"; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/pomona-postgres.XXXXXX")
if [ "$(id -u)" -eq 0 ]; then
  server_user=$(id -un postgres 2>/dev/null || echo nobody)
  chown "$server_user" "$folder"
  as_server() { (cd / && runuser -u "$server_user" -- "$@"); }
fi

stop() {
  if [ -f "$folder/data/postmaster.pid" ]; then
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
as_server sh -c "umask 077; echo '$password' >'$folder/password'"
as_server "$bin/initdb" -D "$folder/data" -U pomona --pwfile="$folder/password" --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >/dev/null

start() {
  as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null -o "\
    -c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories='$folder' -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
}

# A port that somebody else has is found out only by trying.
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 40000))
  if start "$port"; then break; fi
  port=
done
if [ -z "$port" ]; then
  echo 'The PostgreSQL server did not start. Its log:' >&2
  cat "$folder/log" >&2
  exit 1
fi

export POMONA_TEST_POSTGRES_URL="postgres://pomona:$password@127.0.0.1:$port/postgres"
"$@"
