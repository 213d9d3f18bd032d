// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/mount_events.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

namespace {

enum Outcome { kTold, kNotTold, kNoMounts };

/// In a process and a mount namespace of its own: mounts a tmpfs on the folder, unmounts it, and counts the calls.
Outcome mount_and_listen(const char* folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return kNoMounts;
  Loop loop;
  int calls = 0;
  MountEvents events(loop, [&] {
    ++calls;
    loop.stop();
  });
  const auto told_within_a_turn = [&] {
    const int before = calls;
    uv_run(loop.raw(), UV_RUN_NOWAIT);
    return calls == before + 1;
  };
  uv_run(loop.raw(), UV_RUN_NOWAIT);
  if (calls != 0) return kNotTold;  // of nothing nothing is told
  if (::mount("none", folder, "tmpfs", 0, nullptr) != 0) return kNoMounts;
  if (!told_within_a_turn()) return kNotTold;
  uv_run(loop.raw(), UV_RUN_NOWAIT);
  if (calls != 1) return kNotTold;  // and of one change once
  if (::umount(folder) != 0) return kNoMounts;
  return told_within_a_turn() ? kTold : kNotTold;
}

}  // namespace

TEST_CASE("a mount and its end are told to the loop, each once", "[mount_events]") {
  FreshFolder folder;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(mount_and_listen(folder.path.c_str()));
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoMounts) {
    WARN("skipped: mounting takes root, or CAP_SYS_ADMIN in a mount namespace of its own");
    return;
  }
  CHECK(WEXITSTATUS(status) == kTold);
}
