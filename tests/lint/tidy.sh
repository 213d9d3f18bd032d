#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tidy.sh BUILD [JOBS] [FILE...] — clang-tidy, by .clang-tidy, on the rooms' sources (or on the files given).
#
# BUILD holds compile_commands.json. Without FILEs its sources are read as it compiles them: several at once where it does (a
# sanitizer build), which takes a fourth of the time, since the headers are read once for all of them. Each later clang-tidy brings new
# checks into the same groups, so the tree is held to Debian 12's; with another version the check says so and passes. Output: only what is
# wrong, once a file.
set -eu
cd "$(dirname "$0")/../.."
version=14
build=${1:?usage: tidy.sh BUILD [JOBS] [FILE...]}
jobs=${2:-1}
shift
[ $# -eq 0 ] || shift

tool=clang-tidy-$version
command -v "$tool" >/dev/null || tool=clang-tidy
case $("$tool" --version) in
  *"version $version."*) ;;
  *) echo "not checked: the tree is read by clang-tidy $version, and this is another"; exit 0 ;;
esac
[ -f "$build/compile_commands.json" ] || { echo "$build/compile_commands.json is not there: build first" >&2; exit 2; }
if [ $# -gt 0 ]; then
  printf '%s\0' "$@" | xargs -0 -r -n 1 -P "$jobs" "$tool" -p "$build" --quiet
else
  # An included source is no header, but what is found in it counts.
  python3 -c 'import json, os, re, sys
folder = sys.argv[1]
files = [entry["file"] for entry in json.load(open(folder + "/compile_commands.json"))]
ours = [file for file in files if any(re.match("(index|loop|config|indexer|searcher)/", os.path.relpath(file, top)) for top in (".", folder))]
if not ours: sys.exit("no source of a room is in compile_commands.json")
print("\0".join(ours), end="\0")' "$build" |
    xargs -0 -r -n 1 -P "$jobs" "$tool" -p "$build" --quiet --checks=-bugprone-suspicious-include --extra-arg=-Wno-unknown-warning-option \
      --header-filter='/(index|loop|config|indexer|searcher)/[^:]*\.(h|cc)$'
fi
