// SPDX-License-Identifier: GPL-2.0-or-later
// check.h — what `tidings config check` prints: what is in force, and what will not work out.
//
// A problem (the file cannot be taken; a socket's path is too long) makes it not ok. A warning does not: a
// folder that is missing today may be mounted tomorrow. Reads the disk, writes nothing. Never throws
// ConfigError: it is the report.
#pragma once
#include <filesystem>
#include <string>

namespace tidings::config {

struct Report {
  bool ok = false;
  std::string text;  ///< whole lines; warnings begin with "warning: ", problems with "error: "
};

/// The file, or for an empty path the one that find_default() finds.
Report check_report(const std::filesystem::path& file = {});

}  // namespace tidings::config
