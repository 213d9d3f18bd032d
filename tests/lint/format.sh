#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# format.sh — is every C++ file as clang-format leaves it? (To make it so: clang-format -i FILE.)
#
# The layout of a file differs a little from one major version of clang-format to the next, so the tree is held to one:
# Debian 12's. With another the check says so and passes.
set -eu
cd "$(dirname "$0")/../.."
version=14

tool=clang-format-$version
command -v "$tool" >/dev/null || tool=clang-format
case $("$tool" --version) in
  *"version $version."*) ;;
  *) echo "not checked: the tree is laid out by clang-format $version, and this is $("$tool" --version)"; exit 0 ;;
esac
# shellcheck disable=SC2016  # "$0" and "$1" are for the inner shell
find index loop config indexer searcher tests/unit tests/fault tests/fuzz -type f \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 -r -n 1 sh -c '"$0" --dry-run -Werror --style=file "$1" >/dev/null 2>&1 ||
    { echo "$1: not as clang-format leaves it: run $0 -i $1"; exit 1; }' "$tool"
