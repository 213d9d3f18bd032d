// SPDX-License-Identifier: GPL-2.0-or-later
// json.h — answers as JSON, version 1: the same for the command line, the API, and the records of live queries.
//
// SEARCH  {"version": 1,
//   "generation": n          which generation of the index answered; grows by one with each published batch
//   "as_of_ms": n            when that generation was published, Unix ms
//   "pending": n | null      changes seen on disk and not searchable yet; null without a running daemon
//   "took_ms": x             in the searcher, without start-up and printing
//   "query": {"text": s, "understood": s, "warnings": [{"column": n, "text": s}]}
//   "total": {"count": n, "exact": bool}   reports that match in full
//   "suggestion": s | null   the query with its misspelt words put right, where that finds more
//   "hits": [HIT]
//   "facets": {NAME: {"values": [{"value": s, "count": n}], "others": {"values": n, "count": n}, "without": n}}   where asked for; NAME is
//                            source, folder, type, language or month. All full matches: the counts and "without" add up to them.
//                            The most frequent values (months: the newest first); "others" are not listed, "without" have none
//   "timeline": {"by": s, "buckets": [{"start": s, "count": n}], "gaps": bool, "earlier": n}   where asked for; by day, week or month, oldest
//                            first; start is the first day, of a month "2023-02". "gaps": empty buckets are left out
//   "counted_all": false     only where facets and timeline are not of all matches, but of the first 5,000,000
// }
// HIT  {"path": s            absolute; a name that is not UTF-8 has U+FFFD there, and its bytes in "path_b64"
//   "corpus": s, "title": s
//   "date": s                ISO 8601 at its known precision: "2023", "2023-02", "2023-02-27", "2023-02-27T10:00:00Z"
//   "date_from": s           metadata, front_matter, headers, leading, dateline, text, file_name, file_time
//   "source": s, "type": s, "language": s   empty where not known
//   "status": s              indexed, partial, empty, not_yet_read, not_text, unreadable, failed; "reason": s unless indexed
//   "size": n                bytes
//   "score": x, "partial": bool  has most of the words, not all
//   "similar": n             near-copies that match as well, and are left out for this one; 0 where none is left out (--no-collapse)
//   "generation": n, "cause": s   of this version of the report
//   "passages": [{"text": s, "marks": [[begin, end]]}]   in code points, end excluded
//   "explanation": [{"part": s, "score": x}]}   where asked for; they add up to the score
// SIMILAR as SEARCH; query.text is the path
// SUGGEST  {"version": 1, "generation": n, "as_of_ms": n, "took_ms": x, "text": s
//   "words": [{"text": s, "word": s, "reports": n}]   text is what was typed with its last word completed; the most frequent first
//   "titles": [{"title": s, "path": s, "date": s}]    the newest first; path_b64 as in a HIT
//   "complete": bool}                                 false: more words begin so than were looked at
// DOCUMENT  {"version": 1, "generation", "as_of_ms", and the fields of a HIT without score, partial, passages and generation,
//   "title_from": s, "document_generation": n   the generation that published this version of the report
//   "text": s, "boilerplate": [[begin, end]] in code points, "first_seen_ms": n, "indexed_ms": n, "hash": hex,
//   "marks": [[begin, end]]}   where a query was given: where its words stand in the text, in code points
// ERROR  {"error": {"code": s, "message": s, "hint": s, "column": n | null}}
//
// ALERT, FIRING  alerts/json.h
//
// HISTORY  1: the first; later in it: suggestion, facets, timeline, explanation, SIMILAR, SUGGEST, similar, marks, ALERT, FIRING.
#pragma once
#include <nlohmann/json.hpp>

#include "index/error.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

inline constexpr int kJsonVersion = 1;

nlohmann::ordered_json to_json(const Answer& answer);
nlohmann::ordered_json to_json(const Hit& hit);
nlohmann::ordered_json to_json(const std::vector<Passage>& passages);
nlohmann::ordered_json to_json(const DocumentAnswer& document);
nlohmann::ordered_json to_json(const SuggestAnswer& suggestions);
nlohmann::ordered_json to_json(const Error& error);

/// "path", and "path_b64" where its bytes are no UTF-8.
void add_path(nlohmann::ordered_json& json, const std::string& path);
std::string hex(std::string_view bytes);

/// One line, invalid UTF-8 replaced: never throws on text.
std::string print(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace tidings::searcher
