// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/status.h"

#include <unistd.h>

namespace tidings::indexer {
namespace {

template <class Number>
nlohmann::ordered_json or_null(const std::optional<Number>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json to_json(const ProgressStatus& p) {
  return {{"files_done", p.files_done},
          {"files_total", p.files_total},
          {"bytes_done", p.bytes_done},
          {"bytes_total", p.bytes_total},
          {"listed", p.listed},
          {"files_per_s", or_null(p.files_per_s)},
          {"bytes_per_s", or_null(p.bytes_per_s)},
          {"seconds_left", or_null(p.seconds_left)},
          {"text", text_of(p)}};
}

}  // namespace

CorpusStatus corpus_status(const CorpusFolder& corpus, bool crawling) {
  CorpusStatus status{.name = corpus.settings.name, .path = corpus.root, .state = "watched", .reason = {}};
  for (auto& subtree : corpus.polled.listed(kPolledShown, status.polled_more)) {
    std::string reason = "no inotify watch was left for it: raise fs.inotify.max_user_watches";
    if (!subtree.mount.empty())
      reason = subtree.type + ", mounted at " + subtree.mount + ", does not tell of what others change there";
    status.polled.push_back({corpus.absolute(subtree.folder), std::move(subtree.mount),
                             std::move(subtree.type), std::move(reason)});
  }
  if (corpus.offline) {
    status.state = "offline";
    status.reason = corpus.offline_reason;
  } else if (crawling) {
    status.state = "crawling";
  } else if (!status.polled.empty()) {
    status.state = "polled";
    status.reason = "events do not tell of all of it, so some folders are looked through from time to time";
  }
  return status;
}

nlohmann::ordered_json to_json(const IndexerStatus& s) {
  nlohmann::ordered_json json{{"version", 1},
                              {"pid", ::getpid()},
                              {"state", s.crawling ? "crawling" : "ready"},
                              {"index", s.index},
                              {"identity", s.identity},
                              {"generation", s.generation},
                              {"as_of_ms", s.as_of_ms},
                              {"documents", s.documents},
                              {"pending", s.pending},
                              {"files", s.files},
                              {"bytes", s.bytes},
                              {"watches", s.watches},
                              {"overflows", s.overflows},
                              {"progress", nullptr},
                              {"quarantined", s.quarantined},
                              {"quarantine_bytes", s.quarantine_bytes},
                              {"error", nullptr},
                              {"corpora", nlohmann::ordered_json::array()}};
  if (s.progress) json["progress"] = to_json(*s.progress);
  if (!s.error.empty()) json["error"] = s.error;
  const auto unless_empty = [](const std::string& text) {
    return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
  };
  for (const auto& corpus : s.corpora) {
    auto polled = nlohmann::ordered_json::array();
    for (const auto& subtree : corpus.polled)
      polled.push_back({{"path", subtree.path},
                        {"mount", unless_empty(subtree.mount)},
                        {"type", unless_empty(subtree.type)},
                        {"reason", subtree.reason}});
    json["corpora"].push_back({{"name", corpus.name},
                               {"path", corpus.path},
                               {"state", corpus.state},
                               {"reason", corpus.reason},
                               {"polled", polled},
                               {"polled_more", corpus.polled_more}});
  }
  return json;
}

}  // namespace tidings::indexer
