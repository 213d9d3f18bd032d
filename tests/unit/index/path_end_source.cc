// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/path_end_source.h"

#include <set>
#include <string_view>

#include "index/schema.h"
#include "tests/unit/catch.h"

using namespace tidings;

TEST_CASE("a name's ending is told to the letter, in either case, and alone as well as beside words",
          "[schema]") {
  Xapian::WritableDatabase database("", Xapian::DB_BACKEND_INMEMORY);
  for (const char* path :
       {"news:a.md", "news:b.MD", "news:md", "news:a.md/c.txt", "news:amd", "news:x.tar.gz", "n:.md"}) {
    Xapian::Document document;
    document.add_value(slot::kPath, path);
    document.add_term("all");
    if (std::string_view(path) != "news:b.MD") document.add_term("some");
    database.add_document(document);
  }
  const auto found = [&](const char* ending, const char* word = nullptr) {
    Xapian::Query query((new PathEndSource(ending))->release());
    if (word) query = Xapian::Query(Xapian::Query::OP_FILTER, Xapian::Query(word), query);
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    std::set<Xapian::docid> ids;
    const auto hits = enquire.get_mset(0, 100);
    for (auto hit = hits.begin(); hit != hits.end(); ++hit) ids.insert(*hit);
    return ids;
  };
  using Ids = std::set<Xapian::docid>;
  CHECK(found(".md") == Ids{1, 2, 7});
  CHECK(found(".MD") == Ids{1, 2, 7});
  CHECK(found(".md", "all") == Ids{1, 2, 7});
  CHECK(found(".md", "some") == Ids{1, 7});
  CHECK(found(".gz") == Ids{6});
  CHECK(found(".tar.gz") == Ids{6});
  CHECK(found(".nosuch").empty());
}
