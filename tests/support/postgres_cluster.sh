#!/usr/bin/env bash
# A PostgreSQL cluster for tests, in a directory of its own.
#
#   postgres_cluster.sh start DIR PID    makes it and starts it; it goes with the process PID (`parent`: who calls)
#   postgres_cluster.sh restart DIR      kills it at once, and starts it again
#   postgres_cluster.sh stop DIR         stops it and removes the directory
#   postgres_cluster.sh tls DIR CERTIFICATE KEY PID
#                                        one that listens on 127.0.0.1, too, for TLS only; prints its port
#
# What operators do, with a cluster of the kind `replicated` or `archived`; each in a directory of its own, too:
#
#   postgres_cluster.sh kill DIR                      kills it at once
#   postgres_cluster.sh boot DIR                      starts it again
#   postgres_cluster.sh standby DIR PRIMARY PID       a synchronous standby of the cluster in PRIMARY
#   postgres_cluster.sh promote DIR                   makes a standby the primary
#   postgres_cluster.sh backup DIR TO                 a base backup in the directory TO
#   postgres_cluster.sh recover DIR BACKUP ARCHIVE TIME PID
#                                                     the cluster of the backup, as it was at TIME
#   postgres_cluster.sh pooler DIR SERVER MODE PID    PgBouncer in front of the cluster in SERVER, in this pool_mode
#
# With a cluster of the kind `small`, whose tables are on a file system of 100 MB, which root alone can mount:
#
#   postgres_cluster.sh fill DIR BYTES                leaves so much room on it
#   postgres_cluster.sh empty DIR                     gives the room back
#
# Its socket is in DIR. The role `muster` owns its databases and may create others; it is no superuser. Nothing is
# synced to the disk, unless MUSTER_TEST_CLUSTER_KIND=durable. The collation is not "C", so that what depends on it is found.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")

# The server refuses to be root.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
  else
    "$@"
  fi
}

as_superuser() {
  local socket=$1
  shift
  "$bin/psql" -qAt -h "$socket" -U postgres -d postgres "$@"
}

stop() {
  as_owner "$bin/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1 || true
  [ ! -f "$1/pgbouncer.pid" ] || kill "$(cat "$1/pgbouncer.pid")" 2>/dev/null || true
  ! mountpoint -q "$1/data" || umount -l "$1/data"
  rm -rf "$1"
}

make_directory() {
  if [ -d "$1" ]; then stop "$1"; fi # of a run that was killed
  mkdir -p "$1"
  chmod 755 "$1"
  [ "$(id -u)" -ne 0 ] || chown postgres "$1"
}

configure() { cat >>"$1/data/postgresql.conf"; }

boot() { as_owner "$bin/pg_ctl" -D "$1/data" -l "$1/log" -w -t 60 start >/dev/null; }

# By a mark, so that a cluster that is made anew in the directory leaves no watcher of the one before behind.
goes_with() {
  local mark
  mark=$(mktemp "$1/watched.XXXXXX")
  setsid "$0" watch "$1" "$2" "$mark" >/dev/null 2>&1 </dev/null &
}

start() {
  local dir=$1 owner=$2
  if [ "$owner" = parent ]; then owner=$PPID; fi
  local log=() # where it is, unless among the rest
  make_directory "$dir"
  if [ "${MUSTER_TEST_CLUSTER_KIND:-}" = small ]; then
    mkdir "$dir/data"
    mount -t tmpfs -o size=100M tmpfs "$dir/data"
    chown postgres "$dir/data"
    log=(-X "$dir/wal") # a full log stops the server, which is another trouble
  fi
  as_owner "$bin/initdb" "${log[@]}" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
    --icu-locale=en -N >"$dir/initdb.log" 2>&1
  configure "$dir" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 400
CONF
  case ${MUSTER_TEST_CLUSTER_KIND:-} in
    durable)
      # Beside PostgreSQL's defaults only what docs/postgresql.md recommends.
      configure "$dir" <<CONF
shared_buffers = 512MB
max_wal_size = 4GB
CONF
      ;;
    replicated | archived)
      configure "$dir" <<CONF
shared_buffers = 64MB
fsync = off
wal_level = replica
wal_retrieve_retry_interval = 200ms
CONF
      ;;
    *)
      configure "$dir" <<CONF
shared_buffers = 64MB
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
CONF
      ;;
  esac
  if [ "${MUSTER_TEST_CLUSTER_KIND:-}" = archived ]; then
    as_owner mkdir "$dir/archive"
    configure "$dir" <<CONF
archive_mode = on
archive_command = 'test ! -f $dir/archive/%f && cp %p $dir/archive/%f'
CONF
  fi
  # The role `guarded` and its members need their passwords; all others of this machine are trusted.
  sed -i '1i local all +guarded scram-sha-256' "$dir/data/pg_hba.conf"
  boot "$dir"
  as_superuser "$dir" -c 'CREATE ROLE muster LOGIN CREATEDB' \
    -c "CREATE ROLE guarded LOGIN PASSWORD 'secret'" \
    -c 'CREATE DATABASE muster OWNER muster'
  goes_with "$dir" "$owner"
}

tls() {
  local dir=$1 certificate=$2 key=$3 owner=$4 attempt port
  start "$dir" "$owner" >&2
  kill_cluster "$dir"
  cat "$certificate" >"$dir/data/server.crt"
  cat "$key" >"$dir/data/server.key"
  chmod 600 "$dir/data/server.key"
  [ "$(id -u)" -ne 0 ] || chown postgres "$dir/data/server.key"
  sed -i 's/^host .*//' "$dir/data/pg_hba.conf"
  echo 'hostssl muster muster 127.0.0.1/32 trust' >>"$dir/data/pg_hba.conf"
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000)) # PostgreSQL cannot choose a free one
    configure "$dir" <<CONF
listen_addresses = '127.0.0.1'
port = $port
ssl = on
CONF
    if boot "$dir" >&2; then
      echo "$port"
      return
    fi
  done
  return 1
}

# `kill` itself is a command of the shell.
kill_cluster() { as_owner "$bin/pg_ctl" -D "$1/data" -m immediate -w -t 30 stop >/dev/null; }

restart() {
  kill_cluster "$1"
  boot "$1"
}

# Until the SQL answers with the text, for 30 s.
await() {
  local socket=$1 sql=$2 wanted=$3 end=$((SECONDS + 30))
  until [ "$(as_superuser "$socket" -c "$sql" 2>/dev/null)" = "$wanted" ]; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "waited in vain for \"$wanted\" from: $sql" >&2
      exit 1
    fi
    sleep 0.05
  done
}

standby() {
  local dir=$1 primary=$2 owner=$3
  make_directory "$dir"
  as_owner "$bin/pg_basebackup" -D "$dir/data" -h "$primary" -U postgres -R -c fast
  configure "$dir" <<<"unix_socket_directories = '$dir'"
  boot "$dir"
  as_superuser "$primary" -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c 'SELECT pg_reload_conf()' >/dev/null
  await "$primary" 'SELECT sync_state FROM pg_stat_replication' sync
  goes_with "$dir" "$owner"
}

promote() { as_owner "$bin/pg_ctl" -D "$1/data" -w -t 30 promote >/dev/null; }

backup() { as_owner "$bin/pg_basebackup" -D "$2" -h "$1" -U postgres -c fast; }

recover() {
  local dir=$1 backup=$2 archive=$3 time=$4 owner=$5
  make_directory "$dir"
  as_owner cp -a "$backup" "$dir/data"
  configure "$dir" <<CONF
unix_socket_directories = '$dir'
archive_mode = off
restore_command = 'cp $archive/%f %p'
recovery_target_time = '$time'
recovery_target_action = promote
CONF
  as_owner touch "$dir/data/recovery.signal"
  boot "$dir"
  await "$dir" 'SELECT pg_is_in_recovery()' f
  goes_with "$dir" "$owner"
}

fill() {
  local room
  room=$(df --output=avail -B1 "$1/data" | tail -n 1)
  fallocate -l $((room - $2)) "$1/data/ballast"
}

empty() { rm "$1/data/ballast"; }

pooler() {
  local dir=$1 server=$2 mode=$3 owner=$4
  make_directory "$dir"
  echo '"muster" ""' >"$dir/users"
  cat >"$dir/pgbouncer.ini" <<CONF
[databases]
* = host=$server
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = $dir
auth_type = trust
auth_file = $dir/users
pool_mode = $mode
default_pool_size = 60
logfile = $dir/log
pidfile = $dir/pgbouncer.pid
CONF
  as_owner "$(PATH=$PATH:/usr/sbin command -v pgbouncer)" -q -d "$dir/pgbouncer.ini"
  local end=$((SECONDS + 30))
  until [ -S "$dir/.s.PGSQL.5432" ] || [ "$SECONDS" -ge "$end" ]; do sleep 0.05; done
  goes_with "$dir" "$owner"
}

watch() {
  while kill -0 "$2" 2>/dev/null && [ -e "$3" ]; do sleep 1; done
  if [ -e "$3" ]; then stop "$1"; fi
}

command=$1
shift
if [ "$command" = kill ]; then command=kill_cluster; fi
"$command" "$@"
