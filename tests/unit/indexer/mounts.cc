// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/mounts.h"

#include "tests/unit/catch.h"

using namespace tidings::indexer;
using Points = std::vector<std::string>;

namespace {

const std::string kTable =
    "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
    "22 21 0:21 / /proc rw - proc proc rw\n"
    "30 21 0:40 / /r rw,relatime shared:5 - nfs4 nas:/export rw,vers=4.2\n"
    "31 30 8:1 / /r/usb\\040stick rw master:2 propagate_from:1 - vfat /dev/sdb1 rw\n"
    "32 21 0:41 / /home/a/tab\\011back\\134slash rw - fuse.sshfs host:/ rw\n"
    "33 21 8:2 / /r2 rw - xfs /dev/sdc rw\n";

std::string type_of(const Mounts& mounts, const std::string& path) {
  const Mount* mount = mounts.of(path);
  return mount ? mount->type : "";
}

}  // namespace

TEST_CASE("a path lies on the mount with the longest point above it", "[mounts]") {
  const Mounts mounts(kTable);
  CHECK(type_of(mounts, "/") == "ext4");
  CHECK(type_of(mounts, "/etc/fstab") == "ext4");
  CHECK(type_of(mounts, "/r") == "nfs4");
  CHECK(type_of(mounts, "/r/a/b") == "nfs4");
  CHECK(type_of(mounts, "/r/usb stick/a") == "vfat");
  CHECK(type_of(mounts, "/r/usb") == "nfs4");
  CHECK(type_of(mounts, "/r2/a") == "xfs");
  CHECK(type_of(mounts, "/r3") == "ext4");
  CHECK(type_of(mounts, "/home/a/tab\tback\\slash/x") == "fuse.sshfs");
  CHECK(mounts.at("/r")->id == 30);
  CHECK(mounts.at("/r/a") == nullptr);
  CHECK(mounts.of("/r/usb stick/x")->point == "/r/usb stick");
}

TEST_CASE("of two mounts on one point the later counts, and what is no mount is passed over", "[mounts]") {
  CHECK(type_of(Mounts(kTable + "40 30 0:50 / /r rw - tmpfs none rw\n"), "/r/a") == "tmpfs");
  for (const auto* line : {"", "\n", "x 1 0:1 / /r rw - nfs a rw\n", "41 1 0:1 / relative rw - nfs a rw\n",
                           "41 1 0:1 / /r rw nfs a rw\n", "41"})
    CHECK(Mounts(line).of("/r") == nullptr);
}

TEST_CASE("a file system that others change beneath us tells not all", "[mounts]") {
  for (const auto* type :
       {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse",
        "overlay", "afs", "ceph", "glusterfs", "lustre", "vboxsf", "virtiofs", "davfs"}) {
    CAPTURE(type);
    CHECK_FALSE(tells_all({1, "/r", type}));
  }
  for (const auto* type :
       {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "vfat", "exfat", "ntfs3", "fuseblk", "f2fs", "bcachefs"}) {
    CAPTURE(type);
    CHECK(tells_all({1, "/r", type}));
  }
  SECTION("but for the root of a container") {
    CHECK(tells_all({1, "/", "overlay"}));
    CHECK(tells_all({1, "/", "fuse.fuse-overlayfs"}));
    CHECK_FALSE(tells_all({1, "/", "nfs4"}));
    CHECK_FALSE(tells_all({1, "/", "9p"}));
  }
}

TEST_CASE("what was mounted, unmounted or mounted anew is a change of its point", "[mounts]") {
  const Mounts before(kTable);
  CHECK(Mounts::changed(before, before).empty());
  CHECK(Mounts::changed(before, Mounts(kTable + "50 21 0:9 / /new rw - tmpfs none rw\n")) == Points{"/new"});
  CHECK(Mounts::changed(Mounts(kTable + "50 21 0:9 / /new rw - tmpfs none rw\n"), before) == Points{"/new"});
  CHECK(Mounts::changed(before, Mounts(kTable + "51 30 0:9 / /r2 rw - xfs /dev/sdd rw\n")) == Points{"/r2"});
}

TEST_CASE("this machine's mounts can be read, and each has a type", "[mounts]") {
  const auto now = Mounts::now();
  REQUIRE(now);
  // In a changed root the root itself need not be one; where /proc is, there is one at least.
  const auto* proc = now->of("/proc/self/mountinfo");
  REQUIRE(proc);
  CHECK_FALSE(proc->type.empty());
}
