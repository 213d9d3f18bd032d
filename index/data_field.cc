// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/data_field.h"

namespace tidings {

std::string_view field_of(std::string_view data, std::string_view field) {
  for (;;) {
    const std::size_t end = data.find('\n');
    if (end == 0 || end == std::string_view::npos) return {};
    const std::string_view line = data.substr(0, end);
    if (line.starts_with(field) && line.substr(field.size()).starts_with(' '))
      return line.substr(field.size() + 1);
    data.remove_prefix(end + 1);
  }
}

}  // namespace tidings
