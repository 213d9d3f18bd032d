#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh PACKAGES [FILE]... — the tests of the page in a browser: all of them, or those given.
#
# The driver and the accessibility checker come from npm, in the versions of package-lock.json, into the folder PACKAGES, once. The browser is
# the distribution's: nothing else is downloaded. TIDINGS_BUILD names the folder with the programs; TIDINGS_SCREENSHOTS, if it
# is set, one for pictures of the page. Exit 77: there is no browser, node or npm here, and nothing was tested.
set -eu
packages=${1:?usage: run.sh PACKAGES [FILE]...}
shift
here=$(cd "$(dirname "$0")" && pwd -P)
for tool in node npm chromium; do
  command -v "$tool" >/dev/null || { echo "skipped: there is no $tool here (./bootstrap test installs it)"; exit 77; }
done
mkdir -p "$packages"
packages=$(cd "$packages" && pwd -P)
if ! cmp -s "$here/package-lock.json" "$packages/installed.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$packages/"
  npm ci --prefix "$packages" --ignore-scripts --no-audit --no-fund
  cp "$here/package-lock.json" "$packages/installed.json"
fi
[ $# -gt 0 ] || set -- "$here"/*_test.mjs
TIDINGS_BROWSER_PACKAGES=$packages exec node --test "$@"
