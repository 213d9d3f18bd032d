// SPDX-License-Identifier: GPL-2.0-or-later
// TOML to Config, driven by the table in keys.cc. This and synonyms.cc know toml++.
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/cross.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/places.h"
#include "config/read_file.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

std::string bracketed(std::string_view table) {
  return table == kCorpusTable ? "[[corpus]]" : "[" + std::string(table) + "]";
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

class Reader {
 public:
  explicit Reader(fs::path file)
      : file_(std::move(file)),
        folder_(file_.empty() ? fs::current_path() : fs::absolute(file_).parent_path()) {}

  Config read(std::string_view text) {
    try {
      const toml::table root = toml::parse(text, std::string_view(file_.native()));
      read_root(root);
    } catch (const toml::parse_error& e) {
      report(e.source().begin, std::string(e.description()));
    }
    for (Contradiction& c : contradictions(config_)) report(at_[c.key], std::move(c.text), std::move(c.hint));
    if (!problems_.empty()) {
      std::ranges::stable_sort(problems_, {}, [](const Problem& p) { return std::pair(p.line, p.column); });
      throw ConfigError(std::move(problems_));
    }
    if (!file_.empty()) config_.file = fs::absolute(file_).lexically_normal();
    return std::move(config_);
  }

 private:
  using At = toml::source_position;

  void report(At at, std::string text, std::string hint = {}) {
    problems_.push_back({file_, at.line, at.column, std::move(text), std::move(hint)});
  }

  void read_root(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const At at = name.source().begin;
      const auto is_table = [table = name.str()](const Key& k) { return k.table == table; };
      if (std::ranges::none_of(keys(), is_table)) {
        unknown("", name);
      } else if (name.str() == kCorpusTable) {
        read_corpora(node, at);
      } else if (const toml::table* table = node.as_table()) {
        Corpus none;
        read_table(name.str(), *table, none, std::string(name.str()) + ".");
      } else {
        report(at, ticked(name.str()) + " is a table, and is given as " + std::string(type_name(node)),
               "write it once, as " + bracketed(name.str()));
      }
    }
  }

  void read_corpora(const toml::node& node, At at) {
    const toml::array* tables = node.as_array();
    if (tables == nullptr ||
        !std::ranges::all_of(*tables, [](const toml::node& n) { return n.is_table(); })) {
      report(at, "`corpus` is a list of tables", "write [[corpus]] over each");
      return;
    }
    if (tables->size() > kCorporaMax) {
      report(at, "there are " + std::to_string(tables->size()) + " corpora, and at most " +
                     std::to_string(kCorporaMax) + " are taken");
      return;
    }
    for (const toml::node& n : *tables) {
      Corpus corpus;
      read_table(kCorpusTable, *n.as_table(), corpus,
                 "corpus." + std::to_string(config_.corpora.size()) + ".");
      config_.corpora.push_back(std::move(corpus));
    }
  }

  /// `place` is what the keys of this table are called in at_: "daemon.", "corpus.0.".
  void read_table(std::string_view table, const toml::table& values, Corpus& corpus,
                  const std::string& place) {
    for (const auto& [name, node] : values) {
      const auto key = std::ranges::find_if(
          keys(), [&, n = name.str()](const Key& k) { return k.table == table && k.name == n; });
      if (key == keys().end()) {
        unknown(table, name);
        continue;
      }
      at_[place + std::string(key->name)] = node.source().begin;
      std::visit([this, key, &value = node](auto* slot) { read_value(*key, value, *slot); },
                 key->slot(config_, corpus));
    }
    for (const Key& k : keys()) {
      if (k.table == table && k.required && !values.contains(k.name)) {
        report(values.source().begin, bracketed(table) + " has no " + ticked(k.name));
      }
    }
  }

  void unknown(std::string_view table, const toml::key& name) {
    std::vector<std::string_view> here, anywhere;
    std::string home;  // the tables that do have this key
    for (const Key& k : keys()) {
      if (k.table == table) here.push_back(k.name);
      if (table.empty() && (here.empty() || here.back() != k.table)) here.push_back(k.table);
      anywhere.push_back(k.name);
      if (k.name == name.str()) home += (home.empty() ? "" : " or ") + bracketed(k.table);
    }
    std::string hint;
    if (!home.empty()) {
      hint = "it belongs in " + home;
    } else if (auto near = nearest(name.str(), here)) {
      hint = "did you mean " + (table.empty() ? bracketed(*near) : ticked(*near)) + "?";
    } else if ((near = nearest(name.str(), anywhere))) {
      const Key& key = *std::ranges::find(keys(), *near, &Key::name);
      hint = "did you mean " + ticked(*near) + " in " + bracketed(key.table) + "?";
    }
    report(name.source().begin,
           table.empty() ? "unknown table or key " + ticked(name.str())
                         : "unknown key " + ticked(name.str()) + " in " + bracketed(table),
           std::move(hint));
  }

  void wrong_type(const Key& key, const toml::node& node, std::string_view right) {
    report(node.source().begin,
           ticked(key.name) + " must be " + std::string(right) + ", and is " + std::string(type_name(node)));
  }

  bool in_range(const Key& key, const toml::node& node, std::int64_t value, std::string_view unit) {
    if (value >= key.min && value <= key.max) return true;
    report(node.source().begin, ticked(key.name) + " must be " + std::to_string(key.min) + " to " +
                                    std::to_string(key.max) + std::string(unit) + ", and is " +
                                    std::to_string(value));
    return false;
  }

  bool is_sound(const Key& key, const toml::node& node, const std::string& shown, const std::string& value) {
    std::optional<Flaw> flaw = key.check(value);
    if (value.find('\0') != std::string::npos) flaw = Flaw{"holds a NUL", ""};
    if (!flaw) return true;
    report(node.source().begin, ticked(key.name) + ": " + in_quotes(shown) + " " + flaw->text, flaw->hint);
    return false;
  }

  void read_value(const Key& key, const toml::node& node, std::uint64_t& slot) {
    const auto* number = node.as_integer();
    if (number == nullptr) return wrong_type(key, node, "a whole number");
    if (in_range(key, node, number->get(), "")) slot = static_cast<std::uint64_t>(number->get());
  }

  void read_value(const Key& key, const toml::node& node, std::string& slot) {
    const auto* text = node.as_string();
    if (text == nullptr) return wrong_type(key, node, "a string");
    if (!is_sound(key, node, text->get(), text->get())) return;
    if (in_range(key, node, std::ssize(text->get()), " bytes long")) slot = text->get();
  }

  void read_value(const Key& key, const toml::node& node, fs::path& slot) {
    const auto* text = node.as_string();
    if (text == nullptr) return wrong_type(key, node, "a path as a string");
    if (!in_range(key, node, std::ssize(text->get()), " bytes long") || text->get().empty()) return;
    fs::path path = text->get();
    if (const std::string& raw = text->get(); raw[0] == '~') {
      if (raw.size() > 1 && raw[1] != '/') {
        return report(node.source().begin,
                      ticked(key.name) + ": " + in_quotes(raw) + " names another user's home",
                      "write the whole path, or ./~ for a folder of that name");
      }
      const auto home = find_home();
      if (!home) return report(node.source().begin, ticked(key.name) + ": there is no home", "set HOME");
      path = *home / fs::path(raw.substr(1)).relative_path();
    }
    path = (folder_ / path).lexically_normal();
    if (!path.has_filename() && path != path.root_path()) path = path.parent_path();  // no '/' at the end
    if (is_sound(key, node, text->get(), path.native())) slot = std::move(path);
  }

  void read_value(const Key& key, const toml::node& node, std::vector<std::string>& slot) {
    const auto* items = node.as_array();
    if (items == nullptr) return wrong_type(key, node, "a list of strings");
    if (!in_range(key, node, std::ssize(*items), " items")) return;
    std::vector<std::string> list;
    for (const toml::node& item : *items) {
      const auto* text = item.as_string();
      if (text == nullptr) {
        wrong_type(key, item, "a list of strings only");
      } else if (is_sound(key, item, text->get(), text->get())) {
        list.push_back(text->get());
      }
    }
    slot = std::move(list);
  }

  fs::path file_;    ///< as it was named, for messages
  fs::path folder_;  ///< what relative paths are relative to
  Config config_;
  std::vector<Problem> problems_;
  std::map<std::string, At, std::less<>> at_;  ///< where each value stands, for cross.h
};

}  // namespace

Config parse(std::string_view toml, const fs::path& name) {
  return Reader(name).read(toml);
}

}  // namespace tidings::config
