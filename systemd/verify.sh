#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# verify.sh BUILD PREFIX — installs BUILD into a stage and has systemd-analyze read the units that came of it.
#
# systemd-analyze only warns about keys that it does not know, and exits 0: so anything that it says about our units is a
# failure. Exit 77: there is no systemd-analyze here.
set -eu
build=$1 prefix=$2
if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: systemd-analyze is not installed (package systemd)"
  exit 77
fi
stage=$(mktemp -d "${TMPDIR:-/tmp}/tidings-units-XXXXXX")
trap 'rm -rf "$stage"' EXIT
trap 'exit 143' INT TERM HUP
DESTDIR=$stage cmake --install "$build" >"$stage/install.log" || { cat "$stage/install.log"; exit 1; }

faults=0
for kind in user system; do
  units=$stage$prefix/lib/systemd/$kind
  # The units name the programs where they will be; here they are on the stage.
  for unit in "$units"/*; do
    grep -q '@[A-Z_]*@' "$unit" && { echo "$unit: a name was not filled in"; faults=$((faults + 1)); }
    sed -i "s#^\(Exec[A-Za-z]*=[+!-]*\)$prefix/#\1$stage$prefix/#" "$unit"
  done
  mkdir -p "$stage/run"
  mode=--system
  [ "$kind" = system ] || mode=--user
  said=$(XDG_RUNTIME_DIR=$stage/run systemd-analyze "$mode" --man=no verify "$units"/tidingsd.service \
    "$units"/tidings-serve.service "$units"/tidings-serve.socket 2>&1) || faults=$((faults + 1))
  # Other units of this machine may be at fault too; they are not ours to judge.
  ours=$(printf '%s\n' "$said" | grep -i tidings) || ours=""
  if [ -n "$ours" ]; then
    printf '%s units:\n%s\n' "$kind" "$ours"
    faults=$((faults + 1))
  fi
done
[ "$faults" -eq 0 ] || exit 1
echo "user and system units are clean"
