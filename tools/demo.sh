#!/usr/bin/env bash
# The main job, shown on this machine: new devices get their enrollment profile by themselves.
#
# Everything runs on 127.0.0.1, in a temporary directory: depsim plays Apple, `muster serve` is the server, mdmctl
# asks it to do things. `./dev demo` builds the programs and starts this; --keep leaves both servers running.
set -euo pipefail

build=${MUSTER_BUILD:?start this by ./dev demo}
keep=${1:-}
baseline=20
arrivals=25

tools=$(dirname "$(realpath "$0")")
# shellcheck source=tools/demo_parts.sh
. "$tools/demo_parts.sh"

# count_devices TEXT: those in whose row of the database TEXT stands.
count_devices() { mdmctl get dep-devices -o csv | tail -n +2 | grep -c "$1" || true; }
knows_baseline() { [ "$(count_devices '')" -ge "$baseline" ]; }
all_assigned() { [ "$(count_devices "assigned.*$uuid")" -ge "$arrivals" ]; }

cd "$directory"
mkdir home
export HOME=$directory/home
key=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')

say "1. Start two servers: depsim, which simulates Apple's service with $baseline existing devices, and muster."
printf '%s$ depsim -listen 127.0.0.1:0 -devices %s -accounts default,school &%s\n' "$dim" "$baseline" "$plain"
start depsim depsim -listen 127.0.0.1:0 -devices "$baseline" -accounts default,school -seed 7
depsim=$url
cat depsim.out
printf '%s$ muster serve -depsim %s -api-key %s -tls=false -http-addr 127.0.0.1:0 -config-path data &%s\n' "$dim" "$depsim" "$key" "$plain"
start muster muster serve -depsim "$depsim" -api-key "$key" -tls=false -http-addr 127.0.0.1:0 -config-path "$directory/data"
muster=$url
cat muster.out

say "2. Configure mdmctl, and show the account at Apple."
run "mdmctl config set -name demo -api-token $key -server-url $muster"
run "mdmctl get dep-account"
wait_for 60 "the first sync" knows_baseline

say "3. Define an enrollment profile for all devices that arrive from now on."
cat >profile.json <<'JSON'
{
  "profile_name": "Everyone",
  "url": "https://mdm.example.org/mdm/enroll",
  "is_supervised": true,
  "is_mandatory": true,
  "is_mdm_removable": false,
  "org_magic": "demo",
  "skip_setup_items": ["AppleID", "Siri"],
  "devices": []
}
JSON
run "cat profile.json"
run "mdmctl apply dep-profiles -f profile.json -filter='*'" | tee defined.txt
uuid=$(sed -n 's/^Defined DEP Profile with UUID //p' defined.txt)
[ -n "$uuid" ] || die "the profile was not defined"
run "mdmctl get dep-autoassigners"

say "4. $arrivals devices arrive: bought, and one moved in from the service \"school\", which Apple reports as modified."
add() { simulator POST /control/devices/add "{\"account\":\"$1\",\"count\":$2,\"family\":\"$3\"$4}"; }
add default 10 iPad ''
add default 7 Mac ''
add default 5 iPhone ''
add default 2 AppleTV ''
add school 1 iPad ',"baseline":true'
simulator POST /control/devices/move '{"account":"school","all":true,"to":"default","as":"modified"}'
moved=$(sed 's/.*"serials":\["\([A-Z0-9]*\)".*/\1/' answer.json)
echo "Bought: 10 iPads, 7 Macs, 5 iPhones, 2 Apple TVs. Moved in: the iPad $moved."

say "5. Muster syncs every two minutes. Sync now:"
run "curl -sS -u micromdm:$key -X POST $muster/v1/dep/syncnow"
wait_for 60 "all $arrivals devices to be assigned" all_assigned

say "6. The result. Existing devices are unchanged."
run "mdmctl get dep-devices"

simulator GET "/control/accounts/default/summary"
say "According to Apple: $(cat answer.json)"
at_apple=$(sed -n 's/.*"'"$uuid"'":\([0-9]*\).*/\1/p' answer.json)
[ "$at_apple" = "$arrivals" ] || die "Apple has ${at_apple:-no} devices with the profile, not $arrivals"
say "Done: all $arrivals arrivals have the profile; none of the $baseline existing devices has it."

if [ "$keep" = --keep ]; then
  cat <<TEXT

Both servers go on running:
  muster   $muster   (API key $key): open it in a browser for the console
  depsim   $depsim   (its own calls: docs/depsim.md)
  data, logs and profile.json are in $directory

Use mdmctl against it:
  export HOME=$HOME PATH=$build:\$PATH
  mdmctl get dep-devices -o csv
Let three more arrive, and see them assigned within two minutes, or at once after the second line:
  curl -X POST $depsim/control/devices/add -d '{"account":"default","count":3}'
  curl -u micromdm:$key -X POST $muster/v1/dep/syncnow
Stop both, and remove the directory:
  kill ${processes[*]}; rm -rf $directory
TEXT
else
  cat <<TEXT

What to try next:
  ./dev demo --keep         the same, left running for you to play with
  build/mdmctl help         all commands; they are MicroMDM's own
  build/muster serve -help  all flags of the server; README.md says how to connect it to Apple
TEXT
fi
