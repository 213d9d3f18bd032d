// SPDX-License-Identifier: GPL-2.0-or-later
// json.h — alerts and firings as JSON, part of version 1 (present/json.h): the same from the command line, the API and the streams.
//
// ALERT  {"name": s, "query": s, "corpus": s, empty: of any; "on_change": bool, "created_ms": n, "error": s | null   why its query cannot be run
//   "firings": n, "last_fired_ms": n | null}
// FIRING {"cursor": s        identity of the index, ':' and the sequence number of the log: what comes after it is asked for by it
//   "key": s                 the same for the same version of the same report and the same alert: what was told twice has the same
//   "alert": s
//   "path": s, "corpus": s, "title": s, "date": s, "source": s, "type": s, "generation": n, "cause": s, "passages": […]   as in a HIT
//   "hash": s                of the file's contents, hex
//   "closed_ms": n           when the file was last written or renamed, Unix ms; "pushed_ms": n  when it was logged and told
//   "history": bool          it matched before the alert was made
//   "is_copy": bool          a near-copy of it fired before
//   "compared": bool}        false: the report was changed, and whether it matched before could not be told
#pragma once
#include <nlohmann/json.hpp>
#include <optional>

#include "searcher/alerts/alert.h"
#include "searcher/alerts/store.h"

namespace tidings::searcher::alerts {

nlohmann::ordered_json to_json(const Alert& alert, const Store::Count& count);
nlohmann::ordered_json to_json(const Firing& firing);

/// What the store keeps of passages, and back; nothing of what is none.
std::string passages_text(const std::vector<Passage>& passages);
std::vector<Passage> passages_of(const std::string& text);

struct Cursor {
  std::string identity;
  std::int64_t sequence = 0;
};
/// "identity:sequence".
std::optional<Cursor> cursor_of(std::string_view text);

}  // namespace tidings::searcher::alerts
