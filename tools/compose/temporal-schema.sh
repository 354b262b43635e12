#!/bin/sh
# Makes Temporal's two databases and brings their tables to this version. Safe to run at every start: what is there already
# is left alone.
set -eu

: "${POSTGRES_SEEDS:?the host of the PostgreSQL server}"
: "${POSTGRES_USER:?its user}"
: "${SQL_PASSWORD:?and that user's password}"

prepare() {
  database=$1
  schema=$2
  sql() {
    temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "${DB_PORT:-5432}" \
      --user "$POSTGRES_USER" --database "$database" "$@"
  }
  sql create-database
  sql setup-schema --version 0.0
  sql update-schema --schema-name "$schema"
}

prepare temporal postgresql/v12/temporal
prepare temporal_visibility postgresql/v12/visibility
echo 'The databases of Temporal are ready.'
