# What the demos share: a temporary directory, programs that are started and stopped, and how they are shown. Sourced, with
# $build set.

# Neither the settings of a real server nor a proxy may get in between.
unset "${!MUSTER_@}" "${!MICROMDM_@}"
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export PATH=$build:$PATH

directory=$(mktemp -d "${TMPDIR:-/tmp}/muster-demo.XXXXXX")
processes=()

clean_up() {
  local status=$? log
  trap - EXIT
  if [ "$status" -ne 0 ]; then
    for log in "$directory"/*.log; do
      [ -s "$log" ] && printf '\n--- the end of %s\n' "$(basename "$log")" >&2 && grep -v 'event=api.request.*status=200' "$log" | tail -n 15 >&2
    done
    printf '\nThe demo FAILED; see above for the reason.\n' >&2
  elif [ "${keep:-}" = --keep ]; then
    return
  fi
  if [ -d "$directory/postgres" ]; then "$tools/../tests/support/postgres_cluster.sh" stop "$directory/postgres"; fi
  [ ${#processes[@]} -eq 0 ] || kill "${processes[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$directory"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

if [ -t 1 ]; then bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'; else bold='' dim='' plain=''; fi

say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# run 'COMMAND LINE': shows it as one would type it, then runs it.
run() {
  printf '%s$ %s%s\n' "$dim" "$1" "$plain"
  eval "$1"
}
die() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || die "waited in vain for $what"
    sleep 0.1
  done
}

# start NAME COMMAND...: in a session of its own, so that Ctrl-C here does not reach it before we are done with it.
# Gives the URL that the program prints in $url, and its number in $process.
start() {
  local name=$1
  shift
  setsid "$@" >"$directory/$name.out" 2>"$directory/$name.log" </dev/null &
  process=$!
  processes+=("$process")
  local started=$process
  listens() {
    kill -0 "$started" 2>/dev/null || die "$name ended at once"
    url=$(sed -n 's/^[a-z]* listening on //p' "$directory/$name.out")
    [ -n "$url" ]
  }
  wait_for 30 "$name to listen" listens
}

# What depsim itself knows: nobody's word for it but Apple's, so to speak.
simulator() {
  local method=$1 path=$2 body=${3:-}
  curl -sS --fail-with-body -X "$method" "$depsim$path" ${body:+-H 'Content-Type: application/json' --data "$body"} >"$directory/answer.json" ||
    die "depsim rejected $method $path: $(cat "$directory/answer.json")"
}
