#!/usr/bin/env bash
# Puts known faults back into a copy of the tree, one at a time, and has the explorer find each: `./dev explore -mutants`.
#
# tests/explore/mutants/NAME.patch is a fault. It is found when the explorer, built in the copy, has a finding within five
# minutes, and the very same story ends well in the tree without the fault: so the finding is of that fault and no other.
# `-check` only sees whether every patch still fits.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${MUSTER_BUILD:-$root/build}
seed=20260301
minutes=5
check=
names=()

usage() {
  echo "usage: ./dev explore -mutants [NAME...] [-seed S]" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    -seed | --seed)
      [[ ${2:-} =~ ^[0-9]+$ ]] || usage
      seed=$2
      shift
      ;;
    -check | --check) check=yes ;;
    -*) usage ;;
    *) names+=("$1") ;;
  esac
  shift
done

if [ ${#names[@]} -eq 0 ]; then
  shopt -s nullglob
  for patch in "$root"/tests/explore/mutants/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
[ ${#names[@]} -gt 0 ] || {
  echo "there is no patch in tests/explore/mutants" >&2
  exit 1
}

copy=$(mktemp -d "${TMPDIR:-/tmp}/muster-mutant-XXXXXX")
trap 'rm -rf "$copy"' EXIT

# The sources alone: build directories are large, and of another place.
copy_tree() {
  rm -rf "$copy/tree"
  mkdir "$copy/tree"
  tar -C "$root" --exclude='./build*' --exclude='./.git' --exclude='./.cache' -cf - . | tar -C "$copy/tree" -xf -
}

put_back() {
  local patch=$root/tests/explore/mutants/$1.patch
  [ -f "$patch" ] || {
    echo "$1: there is no such patch" >&2
    return 1
  }
  patch -d "$copy/tree" -p1 -s --no-backup-if-mismatch <"$patch" || {
    echo "$1: the patch does not fit any more" >&2
    return 1
  }
}

# All copies are in the same place, so that ccache builds only what the patch changes.
build_copy() {
  export CCACHE_BASEDIR=$copy/tree CCACHE_NOHASHDIR=1
  cmake -S "$copy/tree" -B "$copy/tree/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMUSTER_TESTS=ON
  cmake --build "$copy/tree/build" --target muster_explore
}

# The number of a story that fails with the fault and ends well without it.
find_story() {
  local found
  while read -r found; do
    if "$build/tests/muster_explore" -seed "$seed" -story "$found" >"$copy/without.log" 2>/dev/null; then
      echo "$found"
      return 0
    fi
  done < <(sed -n "s/^-seed $seed -story \([0-9]*\):.*/\1/p" "$copy/explore.log")
  return 1
}

failed=0
for name in "${names[@]}"; do
  copy_tree
  put_back "$name" || {
    failed=1
    continue
  }
  [ -z "$check" ] || continue
  if ! build_copy >"$copy/build.log" 2>&1; then
    tail -n 30 "$copy/build.log"
    echo "$name: does not build"
    failed=1
    continue
  fi
  start=$SECONDS
  "$copy/tree/build/tests/muster_explore" -seed "$seed" -minutes "$minutes" -findings 5 >"$copy/explore.log" 2>&1 || true
  took=$((SECONDS - start))
  if story=$(find_story); then
    echo "$name: found after $took s, $(sed -n 's/^stories \([0-9]*\)$/\1/p' "$copy/explore.log") stories: -seed $seed -story $story"
    sed -n "/^-seed $seed -story $story:/p" "$copy/explore.log"
  else
    tail -n 5 "$copy/explore.log"
    echo "$name: NOT found in $took s"
    failed=1
  fi
done
exit "$failed"
