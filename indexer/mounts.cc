// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/mounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

namespace tidings::indexer {
namespace {

// By where the files can be changed: on another machine, on the host, in another program, in a lower layer.
constexpr auto kChangedByOthers = std::to_array<std::string_view>(
    {"nfs",    "nfs4",   "cifs",   "smb3",     "smbfs", "ncpfs",     "afs",   "coda",     "davfs",
     "ceph",   "lustre", "gpfs",   "beegfs",   "gfs2",  "glusterfs", "ocfs2", "orangefs", "9p",
     "vboxsf", "vmhgfs", "prl_fs", "virtiofs", "fuse",  "overlay",   "aufs"});

/// The kernel writes space, tab, newline and '\' as '\' and three octal digits.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(digits, digits + 3, value, 8).ptr == digits + 3 && value < 256) {
      out += static_cast<char>(value);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view next_field(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

}  // namespace

bool tells_all(const Mount& mount) {
  const std::string_view type = mount.type;
  if (mount.point == "/" && (type == "overlay" || type == "fuse.fuse-overlayfs")) return true;
  return !type.starts_with("fuse.") && std::ranges::find(kChangedByOthers, type) == kChangedByOthers.end();
}

Mounts::Mounts(std::string_view mountinfo) {
  while (!mountinfo.empty()) {
    const std::size_t end = std::min(mountinfo.find('\n'), mountinfo.size());
    std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(std::min(end + 1, mountinfo.size()));
    // id parent major:minor root POINT options [optional fields] - TYPE source options
    Mount mount;
    const std::string_view id = next_field(line);
    const auto read = std::from_chars(id.data(), id.data() + id.size(), mount.id);
    for (int skipped = 0; skipped < 3; ++skipped) next_field(line);
    mount.point = unescaped(next_field(line));
    const std::size_t dash = line.find(" - ");
    if (read.ec != std::errc() || !mount.point.starts_with('/') || dash == std::string_view::npos) continue;
    line.remove_prefix(dash + 3);
    mount.type = unescaped(next_field(line));
    by_point_.insert_or_assign(mount.point, mount);
  }
}

std::optional<Mounts> Mounts::now() {
  std::ifstream file("/proc/self/mountinfo", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.empty()) return std::nullopt;
  return Mounts(text);
}

const Mount* Mounts::at(std::string_view point) const {
  const auto found = by_point_.find(point);
  return found == by_point_.end() ? nullptr : &found->second;
}

const Mount* Mounts::of(std::string_view absolute) const {
  while (absolute.size() > 1) {
    if (const Mount* mount = at(absolute)) return mount;
    absolute = absolute.substr(0, absolute.rfind('/'));
  }
  return at("/");
}

std::vector<std::string> Mounts::changed(const Mounts& before, const Mounts& after) {
  std::vector<std::string> points;
  for (const auto& [point, mount] : before.by_point_)
    if (const Mount* now = after.at(point); !now || *now != mount) points.push_back(point);
  for (const auto& [point, mount] : after.by_point_)
    if (!before.at(point)) points.push_back(point);
  return points;
}

}  // namespace tidings::indexer
