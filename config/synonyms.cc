// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/synonyms.h"

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "config/read_file.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTable = "synonyms";

class SynonymReader {
 public:
  explicit SynonymReader(fs::path file) : file_(std::move(file)) {}

  Synonyms read(std::string_view text) {
    try {
      const toml::table root = toml::parse(text, std::string_view(file_.native()));
      for (const auto& [name, node] : root) {
        if (name.str() == kTable)
          read_rules(node, name.source().begin);
        else
          report(name.source().begin, "unknown key " + ticked(name.str()),
                 "write [[synonyms]] over each rule");
      }
    } catch (const toml::parse_error& e) {
      report(e.source().begin, std::string(e.description()));
    }
    if (problems_.empty()) return std::move(rules_);
    std::ranges::stable_sort(problems_, {}, [](const Problem& p) { return std::pair(p.line, p.column); });
    throw ConfigError(std::move(problems_));
  }

 private:
  using At = toml::source_position;

  void report(At at, std::string text, std::string hint = {}) {
    problems_.push_back({file_, at.line, at.column, std::move(text), std::move(hint)});
  }

  void read_rules(const toml::node& node, At at) {
    const toml::array* rules = node.as_array();
    if (rules == nullptr || !std::ranges::all_of(*rules, [](const toml::node& n) { return n.is_table(); }))
      return report(at, "`synonyms` is a list of tables", "write [[synonyms]] over each rule");
    if (rules->size() > kRulesMax)
      return report(at, "there are " + std::to_string(rules->size()) + " rules, and at most " +
                            std::to_string(kRulesMax) + " are taken");
    for (const toml::node& rule : *rules) read_rule(*rule.as_table());
  }

  void read_rule(const toml::table& rule) {
    bool known = true;
    for (const auto& [name, node] : rule) {
      if (name.str() == "group" || name.str() == "from" || name.str() == "to") continue;
      report(name.source().begin, "unknown key " + ticked(name.str()) + " in [[synonyms]]",
             "there are `group`, and `from` with `to`");
      known = false;
    }
    const toml::node *group = rule.get("group"), *from = rule.get("from"), *to = rule.get("to");
    if (group ? from || to : !from || !to) {
      if (known || group) report(rule.source().begin, "a rule has either `group`, or `from` and `to`");
      return;
    }
    const std::size_t before = problems_.size();
    SynonymRule read;
    if (group) {
      read.from = read.to = wordings("group", *group);
      if (problems_.size() == before && read.to.size() < 2)
        report(group->source().begin, "`group` has fewer than two wordings",
               "write the words that are the same");
    } else {
      read.from = wordings("from", *from);
      read.to = wordings("to", *to);
    }
    if (problems_.size() == before) rules_.push_back(std::move(read));
  }

  /// A list of texts, or a single one.
  std::vector<std::string> wordings(const char* key, const toml::node& node) {
    std::vector<std::string> all;
    const auto take = [&](const toml::node& item) {
      const auto* text = item.as_string();
      const std::string name = ticked(key);
      if (text == nullptr)
        report(item.source().begin, name + " holds words in quotes alone");
      else if (text->get().find_first_not_of(" \t\n\r") == std::string::npos)
        report(item.source().begin, name + " has an empty wording");
      else if (text->get().size() > kWordingBytesMax)
        report(item.source().begin, name + ": a wording has at most " + std::to_string(kWordingBytesMax) +
                                        " bytes, and this has " + std::to_string(text->get().size()));
      else
        all.push_back(text->get());
    };
    const toml::array* list = node.as_array();
    if (list == nullptr) {
      take(node);
    } else if (list->empty() || list->size() > kWordingsMax) {
      report(node.source().begin, ticked(key) + " has 1 to " + std::to_string(kWordingsMax) +
                                      " wordings, and here are " + std::to_string(list->size()));
    } else {
      for (const toml::node& item : *list) take(item);
    }
    return all;
  }

  const fs::path file_;
  Synonyms rules_;
  std::vector<Problem> problems_;
};

}  // namespace

Synonyms parse_synonyms(std::string_view toml, const fs::path& name) {
  return SynonymReader(name).read(toml);
}

std::optional<fs::path> synonyms_file(const Config& config) {
  if (!config.search.synonyms.empty()) return config.search.synonyms;
  if (config.file.empty()) return std::nullopt;
  fs::path beside = config.file.parent_path() / "synonyms.toml";
  std::error_code ec;
  if (fs::status(beside, ec).type() == fs::file_type::not_found) return std::nullopt;
  return beside;
}

Synonyms load_synonyms(const Config& config) {
  const auto file = synonyms_file(config);
  if (!file) return {};
  return parse_synonyms(
      read_file(*file, "`synonyms` under [search] names it", "is it a file of synonyms at all?"), *file);
}

}  // namespace tidings::config
