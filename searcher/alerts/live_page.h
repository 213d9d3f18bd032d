// SPDX-License-Identifier: GPL-2.0-or-later
// live_page.h — what a query that is listened to has to tell, in pages: the reports that came to match after a place in the index' history.
//
// They are told in the order of generations, and within one by key. A report that was changed again meanwhile is told as it is now.
//
// Throws nothing. Errors: BadQuery, and those of the index.
#pragma once
#include <string>
#include <vector>

#include "index/snapshot.h"
#include "searcher/match/search.h"

namespace tidings::searcher::alerts {

/// Told is all before that generation, and of it the reports up to that key.
struct Position {
  std::string identity;  ///< of the index
  std::uint64_t generation = 0;
  std::string key;
};

/// "identity:generation": all of that generation is told. BadRequest where it is no cursor.
Result<Position> position_after(const std::string& cursor);

struct LivePage {
  struct Record {
    Hit hit;
    std::string
        cursor;  ///< where to resume behind it: what shares its generation may be told again, and nothing is skipped
  };
  std::vector<Record> records;
  Position next;
  bool more = false;
  bool replaced = false;  ///< the index is another than the position's: told from its beginning
};

/// Where to resume behind a record of that generation; `last`: none of it follows.
std::string live_cursor(const std::string& identity, std::uint64_t generation, bool last);
/// What is told of it: a HIT of present/json.h with its "cursor", a line without its end.
std::string live_line(const Hit& hit, const std::string& cursor);

Result<LivePage> live_page(Reader& reader, Searcher& searcher, const std::string& query, const Position& from,
                           std::size_t most);

}  // namespace tidings::searcher::alerts
