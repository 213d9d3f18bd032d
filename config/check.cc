// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/check.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/config.h"
#include "config/places.h"
#include "config/synonyms.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : " ") + w;
  return out.empty() ? "(none)" : out;
}

std::string folder_warning(const Corpus& corpus) {
  std::error_code ec;
  const fs::file_status status = fs::status(corpus.path, ec);
  const std::string what = "corpus `" + corpus.name + "`: " + corpus.path.native();
  if (status.type() == fs::file_type::not_found) return what + " is not there; the daemon waits for it";
  if (ec) return what + ": " + ec.message();
  if (!fs::is_directory(status)) return what + " is not a folder";
  if (access(corpus.path.c_str(), R_OK | X_OK) != 0) return what + ": " + std::strerror(errno);
  return "";
}

void describe(const Config& config, std::string& out) {
  const auto line = [&](std::string_view what, const std::string& value) {
    out.append(what).append(16 - what.size(), ' ').append(value).append("\n");
  };
  line("configuration", config.file.empty() ? "built-in defaults (no file)" : config.file.native());
  const fs::path index = index_folder(config);
  line("index", index.native());
  line("control socket", control_socket(config).native());
  line("api socket", api_socket(config).native());
  line("api tcp", config.serve.tcp_address.empty() ? "off" : config.serve.tcp_address);
  line("state", state_folder(config).native());
  if (const auto synonyms = synonyms_file(config))
    line("synonyms", synonyms->native() + ", " + std::to_string(load_synonyms(config).size()) + " rules");
  line("log level", config.log.level);
  for (const Corpus& c : config.corpora) {
    line("corpus", c.name + "  " + c.path.native());
    line("  include", joined(c.include));
    line("  ignore", joined(c.ignore));
    line("  languages", joined(c.languages));
  }
  if (config.corpora.empty()) out += "warning: there is no [[corpus]]: nothing will be indexed\n";
  for (const Corpus& c : config.corpora) {
    if (const std::string warning = folder_warning(c); !warning.empty()) out += "warning: " + warning + "\n";
    if (is_within(canonical_spelling(index), canonical_spelling(c.path))) {
      out += "warning: corpus `" + c.name + "` holds the index folder, which is left out of it\n";
    }
  }
}

}  // namespace

Report check_report(const fs::path& file) {
  Report report;
  try {
    describe(file.empty() ? load_default() : load(file), report.text);
    report.ok = true;
  } catch (const ConfigError& e) {
    for (const Problem& p : e.problems()) report.text += "error: " + p.message() + "\n";
  }
  return report;
}

}  // namespace tidings::config
