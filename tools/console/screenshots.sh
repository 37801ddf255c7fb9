#!/usr/bin/env bash
# screenshots.sh [BUILD]: has the tests of the console take their pictures, into BUILD/screenshots, and replaces those in docs/images.
# Look at each before you commit it.
set -euo pipefail

root=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
build=$(realpath "${1:-$root/build}")
export MUSTER_BUILD=$build MUSTER_SCREENSHOTS=$build/screenshots
rm -rf "$MUSTER_SCREENSHOTS"
for subject in console profiles lists webhooks; do
  node --test "$build/web/tests/$subject.test.mjs"
done

# Of all that the tests take, what docs/console.md shows.
use() { cp "$MUSTER_SCREENSHOTS/$1.png" "$root/docs/images/console-$2.png"; }
use overview-light overview
use account-days-light days
use devices-light devices
use device-light device
use rule-plan rule-plan
use profile-editor-light profile-editor
use profile-light profile
use csv-errors-light csv-errors
use connect connect
use webhook-failing-light webhook
