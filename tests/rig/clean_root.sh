#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# clean_root.sh COMMAND — runs COMMAND in this tree inside a Debian 12 that has nothing yet.
#
#   tests/rig/clean_root.sh './bootstrap test'
#
# debootstrap makes a minimal root file system in a temporary folder, with ca-certificates and this machine's own apt
# sources and nothing else; the last commit of this tree (git archive HEAD) is put into /root/tidings there, and COMMAND
# is run by sh in it, with an environment of its own (HOME, PATH, LANG; CI as it is here). Proxies and
# keys of this machine are not taken along: its sources must be reachable without.
# Exit code: the command's; 2 if the root could not be made. Its wall time is printed last, on stderr.
#
# Needs root, debootstrap and git. Whatever happens, what was mounted is unmounted, and the folder is removed without
# leaving its file system; a mount that cannot be undone is said, and the folder is then left alone.
# Space: about 200 MB, and what the command makes. CLEAN_ROOT_DIR names another place than /var/tmp.
# shellcheck disable=SC2317  # clean_up is called by its trap
set -eu
fail() { printf 'clean_root: %s\n' "$*" >&2; exit 2; }
say() { printf 'clean_root: %s\n' "$*" >&2; }

[ $# -eq 1 ] || { echo "usage: clean_root.sh COMMAND" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || fail "needs root, for debootstrap and chroot"
for tool in debootstrap git setsid; do
  command -v "$tool" >/dev/null || fail "$tool is not installed: apt-get install $tool"
done
tree=$(cd "$(dirname "$0")/../.." && pwd -P)
suite=bookworm

# The first deb822 source of the machine, or the first line of the old kind. It is used, and never printed.
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || sources=/etc/apt/sources.list
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' "$sources" | sed 1q)
[ -n "$mirror" ] || fail "no mirror is named in $sources"
grep -q "$suite" "$sources" || fail "$sources is not of Debian 12 ($suite)"

mounted_below() { cut -d ' ' -f 2 /proc/self/mounts | grep -F "$work/"; }

child=""
clean_up() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -s TERM -- "-$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    kill -s KILL -- "-$child" 2>/dev/null || true
  fi
  # A daemon that the command left would keep the root busy: whatever still runs in there ends now.
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root" 2>/dev/null)" != "$root" ] || kill -s KILL "${process#/proc/}" 2>/dev/null || true
  done
  for mount in dev proc; do
    tries=0
    while grep -q " $root/$mount " /proc/self/mounts; do
      umount -R "$root/$mount" 2>/dev/null && continue
      tries=$((tries + 1))
      [ "$tries" -lt 50 ] || break
      sleep 0.1
    done
  done
  if left=$(mounted_below); then
    say "still mounted, so $work is left as it is: $left"
  else
    rm -rf --one-file-system "$work"
  fi
}

work=$(mktemp -d "${CLEAN_ROOT_DIR:-/var/tmp}/tidings-root-XXXXXX")
work=$(cd "$work" && pwd -P)
root=$work/root
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# In a session of its own, so that a signal comes here first.
run() {
  setsid env --default-signal=INT,QUIT "$@" </dev/null &
  child=$!
  status=0
  wait "$child" || status=$?
  child=""
  return "$status"
}

began=$(date +%s)
run debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -n 5 "$work/debootstrap.log" | sed 's#[a-z]*://[^ ]*#(mirror)#g' >&2; fail "debootstrap failed"; }
rm -f "$root/etc/apt/sources.list"
cp "$sources" "$root/etc/apt/${sources#/etc/apt/}"
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
mkdir -p "$root/root/tidings"
git -C "$tree" archive HEAD | tar -x -C "$root/root/tidings"
say "a fresh $suite after $(($(date +%s) - began)) s ($(du -shx "$root" | cut -f 1)); running: $1"

began=$(date +%s)
status=0
run env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb \
  ${CI:+CI="$CI"} chroot "$root" sh -c "cd /root/tidings && $1" || status=$?
say "exit code $status after $(($(date +%s) - began)) s"
exit "$status"
