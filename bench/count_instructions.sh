#!/usr/bin/env bash
# Counts the instructions of one of the paths of bench/paths.cc, and fails when they are a tenth more than the number in
# bench/instructions.txt. A count does not depend on what else the machine does, as a time would.
#
#   count_instructions.sh PATHS_PROGRAM PATH
#
# MUSTER_UPDATE_INSTRUCTIONS=1 stores the new number instead: with a change that is meant to cost more, or that costs less.
set -euo pipefail

program=$1 path=$2
stored_numbers=$(dirname "${BASH_SOURCE[0]}")/instructions.txt

if ! output=$(valgrind --tool=callgrind --toggle-collect=muster_measured_path --callgrind-out-file=/dev/null \
  "$program" "$path" 2>&1); then
  printf '%s\n' "$output"
  exit 1
fi
counted=$(sed -n 's/^==[0-9]*== Collected : \([0-9]*\)$/\1/p' <<<"$output")
if [ -z "$counted" ] || [ "$counted" -eq 0 ]; then
  printf 'callgrind counted nothing:\n%s\n' "$output"
  exit 1
fi

if [ "${MUSTER_UPDATE_INSTRUCTIONS:-}" = 1 ]; then
  sed -i "s/^$path .*/$path $counted/" "$stored_numbers"
fi
stored=$(sed -n "s/^$path //p" "$stored_numbers")
printf '%s: %d instructions a device, %d are stored\n' "$path" $((counted / 10000)) $((stored / 10000))
if [ $((counted * 10)) -gt $((stored * 11)) ]; then
  echo "That is more than a tenth more. If it must be, store it: MUSTER_UPDATE_INSTRUCTIONS=1 and this test again"
  exit 1
fi
if [ $((counted * 10)) -lt $((stored * 9)) ]; then
  echo "That is more than a tenth less: store it, so that it stays so: MUSTER_UPDATE_INSTRUCTIONS=1 and this test again"
fi
