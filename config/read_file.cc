// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/read_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "config/config.h"

namespace tidings::config {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::string text, std::string hint = {}) {
  throw ConfigError({Problem{file, 0, 0, std::move(text), std::move(hint)}});
}

}  // namespace

std::string read_file(const std::filesystem::path& file, const std::string& missing,
                      const std::string& too_long) {
  struct Close {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> in(std::fopen(file.c_str(), "rbe"));
  if (!in) {
    const int why = errno;
    refuse(file, std::strerror(why), why == ENOENT ? missing : "");
  }
  std::string text(kFileBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), in.get()));
  if (std::ferror(in.get())) refuse(file, std::strerror(errno));  // a folder is opened, and then not read
  if (text.size() > kFileBytesMax)
    refuse(file, "is longer than " + std::to_string(kFileBytesMax) + " bytes", too_long);
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out.append("\\u00").append(1, "0123456789abcdef"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
    }
  }
  return out + "\"";
}

std::string ticked(std::string_view name) {
  const std::string quoted = in_quotes(name);
  return "`" + quoted.substr(1, quoted.size() - 2) + "`";
}

}  // namespace tidings::config
