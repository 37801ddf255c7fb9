#!/usr/bin/env bash
# Several servers on one PostgreSQL database, shown on this machine: devices arrive in many accounts, one server is killed in
# the middle, and the others take over.
#
# Everything runs on 127.0.0.1, in a temporary directory, which holds a PostgreSQL cluster of its own. `./dev demo -servers 3`
# builds the programs, installs PostgreSQL if it is missing, and starts this.
set -euo pipefail

build=${MUSTER_BUILD:?start this by ./dev demo -servers 3}
servers=$1
accounts=30
per_account=10
tools=$(dirname "$(realpath "$0")")
# shellcheck source=tools/demo_parts.sh
. "$tools/demo_parts.sh"

ask() { curl -sS --fail-with-body -u "micromdm:$key" "$@"; }
# Whoever is there answers for all.
show_servers() { run "mdmctl get servers"; }
# Accounts of the server in column 3, if it is alive.
worked() { mdmctl get servers | awk 'NR > 1 && $2 == "alive" { sum += $3 } END { print sum + 0 }'; }
least() { mdmctl get servers | awk 'NR > 1 && $2 == "alive" { n++; if (least == "" || $3 < least) least = $3 } END { print (n == want) ? least + 0 : 0 }' want="$1"; }
is_shared() { [ "$(least "$1")" -ge "$2" ]; }
living() { mdmctl get servers | awk '$2 == "alive"' | wc -l; }
# The default account is one more.
is_taken_over() { [ "$(living)" -lt "$servers" ] && [ "$(worked)" -gt "$accounts" ]; }
arrived() { mdmctl get dep-devices -all-accounts -o csv | tail -n +2 | grep -c . || true; }
assigned() { mdmctl get dep-devices -all-accounts -o csv | tail -n +2 | grep -c "assigned" || true; }
some_assigned() { [ "$(assigned)" -ge "$1" ]; }

cd "$directory"
mkdir home
export HOME=$directory/home
export MUSTER_MASTER_KEY
MUSTER_MASTER_KEY=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
key=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
names=$(seq -f 'customer-%02g' -s, 1 "$accounts")

say "1. Create a PostgreSQL cluster in a temporary directory, and start depsim, which simulates Apple's service with $accounts accounts."
chmod 711 "$directory" # the database server has a user of its own
"$tools/../tests/support/postgres_cluster.sh" start "$directory/postgres" $$
database="postgresql://muster@/muster?host=$directory/postgres"
start depsim depsim -listen 127.0.0.1:0 -devices 0 -accounts "default,$names" -seed 7 -latency 100ms
depsim=$url
cat depsim.out

say "2. Start $servers servers on the one database. Behind a load balancer, any of them answers for all."
urls=()
for n in $(seq "$servers"); do
  printf '%s$ muster serve -server-name muster-%s -database %s -depsim %s ... &%s\n' "$dim" "$n" "$database" "$depsim" "$plain"
  start "muster-$n" muster serve -server-name "muster-$n" -database "$database" -database-connections 10 \
    -depsim "$depsim" -api-key "$key" -tls=false -http-addr 127.0.0.1:0 -sync-interval 10s
  urls+=("$url")
  eval "process_$n=\$process"
done
run "mdmctl config set -name demo -api-token $key -server-url ${urls[0]}"

say "3. Add the accounts, each with a profile and a rule. The servers share them: each account is worked by one."
cat >profile.json <<'JSON'
{"profile_name": "Everyone", "url": "https://mdm.example.org/mdm/enroll", "is_mdm_removable": false, "is_supervised": true, "devices": []}
JSON
for name in ${names//,/ }; do
  simulator GET "/control/accounts/$name/token"
  token=$(cat answer.json)
  ask -X PUT "${urls[0]}/api/v1/accounts/$name" -d "{\"token\":$token}" >/dev/null
  mdmctl apply dep-profiles -account "$name" -f profile.json -filter='*' >/dev/null
done
wait_for 60 "the servers to share the accounts" is_shared "$servers" $((accounts / servers))
show_servers

total=$((accounts * per_account))
say "4. $total devices arrive, $per_account in each account, and one server is killed while they are assigned."
for name in ${names//,/ }; do
  simulator POST /control/devices/add "{\"account\":\"$name\",\"count\":$per_account,\"family\":\"iPad\"}"
done
wait_for 60 "the first of them to be assigned" some_assigned 1
victim=process_2
printf '%s$ kill -9 %s   # muster-2%s\n' "$dim" "${!victim}" "$plain"
disown "${!victim}"
kill -9 "${!victim}"
killed=$SECONDS
echo "$(assigned) of $total devices are assigned at this moment."
wait_for 60 "the others to take over" is_taken_over
echo "All accounts are worked again $((SECONDS - killed)) s after the kill."
show_servers

say "5. The result."
wait_for 120 "all $total devices to be assigned" some_assigned "$total"
at_apple=0
for name in ${names//,/ }; do
  simulator GET "/control/accounts/$name/summary"
  count=$(sed -n 's/.*"by_profile":{"[0-9A-F]*":\([0-9]*\).*/\1/p' answer.json)
  at_apple=$((at_apple + ${count:-0}))
done
simulator GET /control/calls
sent=$(sed -n 's/.*"assign":{"calls":[0-9]*,"serials":\([0-9]*\).*/\1/p' answer.json)
echo "According to Apple: $at_apple devices have their profile, and ${sent:-0} serial numbers were sent for that."
[ "$at_apple" -eq "$total" ] || die "Apple has $at_apple devices with their profile, not $total"
[ "${sent:-0}" -eq "$total" ] || die "$sent serial numbers were sent to Apple, not $total"
say "Done: all $total devices have their profile, none was assigned twice."
