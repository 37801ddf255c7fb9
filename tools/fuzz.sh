#!/usr/bin/env bash
# Runs the fuzz targets that ./dev fuzz has built: as many at a time as there are cores, each for so many seconds.
#
# fuzz/corpus/TARGET.tar.gz holds the inputs that are kept, at most 100. What a run finds beyond them stays in the build
# directory, where the next run continues from it; `-keep` adds to the corpus what reaches new code. An input that broke
# something is in fuzz/findings/, by the name of its target; once the fault is fixed, `-add FILE` keeps it.
set -euo pipefail

build=${MUSTER_BUILD:?start this by ./dev fuzz}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
seconds=60
keep=
targets=()
added=()

usage() {
  echo "usage: ./dev fuzz [TARGET...] [-seconds N] [-keep] | TARGET -add FILE..." >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    -seconds | --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage
      seconds=$2
      shift
      ;;
    -keep | --keep) keep=yes ;;
    -add | --add)
      shift
      added=("$@")
      [ ${#added[@]} -gt 0 ] && [ ${#targets[@]} -eq 1 ] || usage
      break
      ;;
    -*) usage ;;
    *) targets+=("$1") ;;
  esac
  shift
done

all=()
for program in "$build"/fuzz/fuzz_*; do all+=("${program##*/fuzz_}"); done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do
  [ -x "$build/fuzz/fuzz_$target" ] || {
    echo "there is no target \"$target\": there are ${all[*]}" >&2
    exit 1
  }
done

findings=$root/fuzz/findings
mkdir -p "$findings" "$build/log"
# Databases live in memory: what the machine's disk does is not tried here.
scratch=$(mktemp -d "$([ -d /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/muster-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# Rows have the same words wherever they are read.
dictionary_of() {
  case $1 in
    odd_row | stored_page) echo "$root/fuzz/dictionaries/page.dict" ;;
    *) echo "$root/fuzz/dictionaries/$1.dict" ;;
  esac
}

# The corpus of a target in the scratch directory, and back. The same inputs make the same archive.
unpack() {
  mkdir -p "$scratch/corpus/$1"
  [ ! -f "$root/fuzz/corpus/$1.tar.gz" ] || tar -C "$scratch/corpus" -xzf "$root/fuzz/corpus/$1.tar.gz"
}
pack() {
  local kept
  kept=$(find "$scratch/corpus/$1" -type f | wc -l)
  if [ "$kept" -gt 100 ]; then
    echo "$1: $kept inputs are more than the 100 that a corpus keeps: the archive stays as it was" >&2
    return
  fi
  tar -C "$scratch/corpus" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$1" | gzip -n9 >"$root/fuzz/corpus/$1.tar.gz"
}

# The memory limit tells an input that costs more than it has bytes; the libraries' own need some 100 MB.
run_target() {
  local target=$1 corpus=$scratch/corpus/$1 found=$build/corpus/$1
  mkdir -p "$found"
  unpack "$target"
  "$build/fuzz/fuzz_$target" "$found" "$corpus" -dict="$(dictionary_of "$target")" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$findings/$target-" >"$build/log/fuzz_$target.log" 2>&1 ||
    touch "$scratch/$target.failed"
  if [ -n "$keep" ] && [ ! -e "$scratch/$target.failed" ]; then
    "$build/fuzz/fuzz_$target" -merge=1 "$corpus" "$found" >>"$build/log/fuzz_$target.log" 2>&1
    pack "$target"
  fi
}

# The number that libFuzzer printed as `stat::NAME:`, "?" when it did not get so far.
statistic() {
  sed -n "s/^stat::$2: *//p" "$build/log/fuzz_$1.log" | tail -n 1 | grep . || echo '?'
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
export TMPDIR=$scratch
if [ ${#added[@]} -gt 0 ]; then
  unpack "${targets[0]}"
  cp -- "${added[@]}" "$scratch/corpus/${targets[0]}/"
  pack "${targets[0]}"
  exit
fi
export -f run_target dictionary_of unpack pack
export build root seconds keep findings scratch
rounds=$(((${#targets[@]} + $(nproc) - 1) / $(nproc)))
echo "${#targets[@]} targets, $seconds s each, $(nproc) at a time: about $((rounds * seconds)) s"
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'run_target {}'

status=0
printf '%-14s %12s %8s  %s\n' TARGET EXECUTIONS NEW FINDINGS
for target in "${targets[@]}"; do
  finding=none
  if [ -e "$scratch/$target.failed" ]; then
    finding=$(sed -n 's/.*Test unit written to //p' "$build/log/fuzz_$target.log" | tail -n 1)
    finding=${finding:-"see $build/log/fuzz_$target.log"}
    status=1
  fi
  printf '%-14s %12s %8s  %s\n' "$target" "$(statistic "$target" number_of_executed_units)" \
    "$(statistic "$target" new_units_added)" "${finding#"$root/"}"
done
if [ "$status" -ne 0 ]; then
  echo "Try a finding alone: $build/fuzz/fuzz_TARGET FILE. The reasons are in $build/log/fuzz_TARGET.log" >&2
fi
exit "$status"
