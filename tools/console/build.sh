#!/usr/bin/env bash
# build.sh WEB OPENAPI WORK ALL: builds the console. Copies WEB to WORK, where npm and Vite may write, and leaves the result in WORK/dist.
# With ALL=yes also what only the tests need is installed. Nothing is downloaded while package-lock.json stays as it is.
set -euo pipefail

web=$1 openapi=$2 work=$3 all=$4
tools=$(dirname "$(realpath "$0")")
mkdir -p "$work"

# What is not there any more goes, so that a file that was renamed is not built twice.
rm -rf "$work/src" "$work/dist"
(cd "$web" && tar cf - --exclude=./node_modules --exclude=./dist --exclude=./src/api.ts .) | tar xf - -C "$work"
python3 -B "$tools/../openapi/typescript_client.py" "$openapi" "$work/src/api.ts"

cd "$work"
wanted="$all $(sha256sum <package-lock.json)"
if [ "$wanted" != "$(cat node_modules/.installed 2>/dev/null)" ]; then
  omit=(--omit=dev)
  if [ "$all" = yes ]; then omit=(); fi
  # No package has to run anything to be installed.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "${omit[@]}"
  printf '%s' "$wanted" >node_modules/.installed
fi
node node_modules/vite/bin/vite.js build --logLevel warn
