// SPDX-License-Identifier: GPL-2.0-or-later
// mounts.h — what is mounted where, and whether the kernel tells of all that changes there.
//
// inotify tells what goes through this kernel's own file calls. A file system whose files others change beneath it (another machine
// on a network mount, the host of a virtual machine, a program behind FUSE, whoever writes to the lower layer of an overlay) changes
// without an event: `tells_all` says which types those are. Types that are not known count as local. An overlay at "/" is the root
// of a container or of a live system; nobody writes beneath it, and it is believed: else all that is in a container would be polled.
//
// The table is that of /proc/self/mountinfo (proc(5)), so of the mount namespace we are in. Of two mounts on one point the later hides the
// earlier. Where a later mount further up hides a mount point, the table does not know; a folder may be polled without need then.
// A value; reading takes ~0.1 ms. Any thread.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::indexer {

struct Mount {
  std::uint64_t id = 0;  ///< the kernel's: another mount on the same point has another
  std::string point;     ///< absolute
  std::string type;      ///< as "ext4", "nfs4", "fuse.sshfs"
  bool operator==(const Mount&) const = default;
};

/// Whether inotify sees every change on it.
bool tells_all(const Mount& mount);

class Mounts {
 public:
  Mounts() = default;
  /// From the text of a mountinfo file; lines that are none are passed over.
  explicit Mounts(std::string_view mountinfo);
  /// As it is now; nothing where /proc is not to be read.
  static std::optional<Mounts> now();

  /// The mount that an absolute path lies on; null where none is known.
  const Mount* of(std::string_view absolute) const;
  /// The mount whose point this is, or null.
  const Mount* at(std::string_view point) const;

  /// The points on which something else is mounted in the one than in the other, or nothing.
  static std::vector<std::string> changed(const Mounts& before, const Mounts& after);

 private:
  std::map<std::string, Mount, std::less<>> by_point_;
};

}  // namespace tidings::indexer
