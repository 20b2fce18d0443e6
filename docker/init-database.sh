#!/bin/bash
# Run once by the postgres image, on an empty volume: the owner of the database, and TLS.
set -euo pipefail

# The owner is no superuser, or row-level security would not hold for it; it makes the two weaker logins itself.
psql -v ON_ERROR_STOP=1 -v password="$OWNER_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role crypto_beacon_owner login createrole nosuperuser nobypassrls password :'password';
create database crypto_beacon owner crypto_beacon_owner;
alter system set ssl = on;
SQL

# The certificate is this installation's own. It keeps the wire private; it does not prove who answers.
openssl req -new -x509 -nodes -days 3650 -newkey rsa:3072 -subj /CN=database \
    -out "$PGDATA/server.crt" -keyout "$PGDATA/server.key" 2>/dev/null
chmod 0600 "$PGDATA/server.key"

# From the network: by password, over TLS, the project's logins only. The superuser stays inside the container.
sed -i '/^host /d' "$PGDATA/pg_hba.conf"
cat >>"$PGDATA/pg_hba.conf" <<'HBA'
hostssl crypto_beacon crypto_beacon_owner,crypto_beacon_app,crypto_beacon_worker all scram-sha-256
HBA
