// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes as a query: parsed, bound, compiled, told and run on a small index. What must hold: nothing crashes, an error has a column,
// warnings are bounded, and what was understood is valid UTF-8 wherever the query is.
#include <cstdint>
#include <cstdlib>

#include "index/record.h"
#include "index/schema.h"
#include "searcher/query/query.h"
#include "searcher/query/synonyms.h"
#include "tests/unit/searcher/phrases.h"

namespace {

using namespace tidings;
using namespace tidings::searcher;

struct World {
  World() {
    for (const char* text :
         {"strike pay strikes", "coventry worker workers", "pre empt preempt a b", "30000 £10.50 東京"}) {
      Xapian::Document document;
      Record record;
      record.report.text = text;
      analyzer.analyze(text, [&](const Token& token) {
        document.add_term(std::string(token.term));
        document.add_term(word_term(prefix::kTitle, token.term), 0);
        document.add_term(word_term(prefix::kPathWord, token.term), 0);
      });
      document.add_value(slot::kPath, "news:a/b.txt");
      document.set_data(encode_data(record));
      database.add_document(document);
    }
    context.words = words_of(database, analyzer);
    context.thesaurus = &thesaurus;
  }

  Analyzer analyzer{{"en", "de"}};
  Xapian::WritableDatabase database{"", Xapian::DB_BACKEND_INMEMORY};
  Thesaurus thesaurus{{{{"pay", "wages"}, {"pay", "wages"}}, {{"a b"}, {"strike", "pre-empt"}}}, analyzer};
  CompileContext context{analyzer,
                         {"news"},
                         {},
                         {[this](std::string_view stem) {
                           std::vector<std::string> forms;
                           each_word(database, {}, {}, [&](std::string_view word) {
                             for (const auto& its : analyzer.stems(word))
                               if (its == stem) forms.emplace_back(word);
                             return true;
                           });
                           return forms;
                         }},
                         phrases_without_segments(analyzer),
                         near_without_segments(analyzer)};
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  world.context.now =
      std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000 + std::int64_t(size) * 86'400));
  const auto query = understand(text, world.context);
  if (!query) {
    require(query.error().code == Error::Code::BadQuery && query.error().what.starts_with("column "));
  } else {
    require(query->warnings.size() <= Warnings::kMax);
    require(!query->understood.empty());
    for (const auto& warning : query->warnings) require(warning.column >= 1 && warning.column <= size + 1);
    Xapian::Enquire enquire(world.database);
    enquire.set_query(query->strict);
    (void)enquire.get_mset(0, 10);
  }
  const auto plain = understand_plain(text, world.analyzer, world.context.forms);
  require(plain || plain.error().what.starts_with("column "));
  return 0;
}
