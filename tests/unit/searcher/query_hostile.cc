// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <functional>
#include <iterator>

#include "index/schema.h"
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// A query thread's may be as small. Sanitizers make frames several times larger.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kSmallStack = 2048 * 1024;
constexpr int kSlow = 15;
#else
constexpr std::size_t kSmallStack = 256 * 1024;
constexpr int kSlow = 1;
#endif

void on_small_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, kSmallStack) == 0);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, &work) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}

std::vector<std::string> as_typed(std::string_view stem) {
  return {std::string(stem), std::string(stem) + "s"};
}

const std::string kHostileQueries[] = {
    // brackets, quotes, operators
    repeat("(", 1'000'000),
    repeat(")", 1'000'000),
    repeat("()", 500'000),
    repeat("\"", 2'000'000),
    repeat("\"", 999'999),
    repeat("“", 1300),
    repeat("NOT (", 100'000),
    repeat("NOT ", 250'000),
    repeat("-", 1'000'000),
    repeat("-(", 100'000),
    repeat("OR ", 300'000),
    repeat("a OR ", 200'000),
    repeat("a OR ", 120) + "a",
    repeat("AND ", 1000),
    repeat("(a OR ", 32) + "b" + repeat(")", 32),
    repeat("-a ", 300'000),
    repeat("-(a -(b ", 16) + "c",
    // words
    repeat("a ", 500'000),
    repeat("a.", 500'000),
    repeat("a-b-c-d-e-f-g-h-", 250),
    std::string(1'000'000, 'a'),
    std::string(4096, 'a'),
    repeat("東", 300'000),
    repeat("東", 1300),
    repeat("1,", 2000),
    "\"" + repeat("a ", 500'000) + "\"",
    "\"" + repeat("a ", 120) + "\"",
    repeat("https://a.b/c?d=e&", 200),
    repeat("#ABC", 1000),
    // bytes
    std::string(1'000'000, '\0'),
    std::string(1'000'000, '\xff'),
    std::string("a\0*\0\"\0b", 8),
    repeat("\xed\xa0\x80", 1000),
    repeat("\xc0\xaf", 2000),
    repeat("\xf4\x90\x80\x80", 1000),
    repeat("e\u0301\u0301\u0301", 100'000),
    "a" + repeat("\u0301", 2000) + "*",
    repeat("\u200d", 1300) + "a",
    repeat("\u202e", 1300) + "a",
    repeat("😀", 1000),
    // fields
    repeat("title:", 100'000),
    repeat("title:(", 100'000),
    repeat("title:(path:(", 16) + "a",
    repeat("x:", 100'000),
    repeat("title:a ", 128),
    "type:" + std::string(4000, 'x'),
    "lang:" + std::string(4000, 'x'),
    "folder:" + repeat("a/", 2000),
    "source:" + repeat("É", 2000),
    "ext:" + std::string(4000, 'x'),
    repeat("ext:a ", 128),
    "is:" + std::string(4000, 'x'),
    repeat("is:indexed ", 128),
    "size:" + std::string(4000, '9'),
    "size:1." + std::string(4000, '9') + "k",
    "size:" + std::string(4000, '.'),
    repeat("size:>1k ", 128),
    "date:" + std::string(4000, '9') + "d",
    "date:last-" + std::string(4000, '-') + "week",
    "date:" + repeat("..", 2000),
    repeat("date:9999y ", 128),
    repeat("date:today..yesterday ", 128),
    // patterns
    std::string(1'000'000, '*') + "a",
    repeat("a* ", 200),
    repeat("a* ", 120),
    repeat("ab* ", 128),
    repeat("*a* ", 128),
    repeat("*ab ", 128),
    repeat("*b?d* ", 128),
    repeat("?a?b ", 128),
    "ab" + std::string(4000, '*'),
    repeat("*a", 2000),
    repeat("*a", 8) + "*b*c",
    repeat("?", 4000) + "ab",
    "*" + repeat("a?", 2000),
    repeat("abc~ ", 128),
    repeat("aaaaaa~ ", 128),
    std::string(4000, '~'),
    "abc" + std::string(4000, '~'),
    std::string(4000, 'a') + "~",
    std::string(4000, 'a') + "*",
    "abc~" + std::string(4000, '9'),
    repeat("東*", 600),
    repeat("東京都~ ", 128),
    repeat("title:*ab ", 128),
    repeat("path:*ab* ", 128),
    repeat("-(*ab OR ", 32),
    // nearness
    repeat("a NEAR ", 500),
    repeat("NEAR ", 800),
    repeat("-NEAR ", 800),
    "a NEAR/" + std::string(4000, '9') + " b",
    repeat("ab* NEAR ", 127) + "b",
    repeat("ab* NEAR ", 16) + "b",
    repeat("a NEAR/1000 ", 127) + "a",
    repeat("a NEAR/1000 ", 16) + "a",
    repeat("\"a a\" NEAR/1000 ", 63) + "a",
    repeat("(a NEAR b) ", 64),
    repeat("(a NEAR b) ", 16),
    repeat("aa NEAR (", 32) + "b",
};
static_assert(std::size(kHostileQueries) >= 60);

/// Of 500 reports with 10,000 words, and a beginning that all of them share.
class HostileIndex {
 public:
  HostileIndex() {
    static constexpr char kLetters[] = "abcdeaab";
    unsigned state = 1;
    const auto next = [&](unsigned n) { return (state = state * 1664525 + 1013904223) >> 16 & (n - 1); };
    for (int i = 0; i < 500; ++i) {
      Xapian::Document document;
      std::string text = "a a a b ";
      for (int w = 0; w < 24; ++w) {
        std::string word;
        for (unsigned length = 4 + next(8); length > 0; --length) word.push_back(kLetters[next(8)]);
        document.add_term(word);
        document.add_term("S" + word, 0);
        document.add_term("XP" + word, 0);
        text += word + " ";
      }
      for (const char* word : {"a", "b", "as"}) document.add_term(word);
      document.add_value(slot::kPath, "news:a.a");
      Record record;
      record.report.text = text;
      document.set_data(encode_data(record));
      database_.add_document(document);
    }
  }
  const Xapian::Database& database() const { return database_; }

 private:
  Xapian::WritableDatabase database_{"", Xapian::DB_BACKEND_INMEMORY};
};

std::chrono::nanoseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::int64_t peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("no input is a crash or a hang, on a small stack, with limits or nearly without", "[query]") {
  const QueryLimits wide{.bytes = 10'000'000, .terms = 128, .depth = 32};
  const HostileIndex index;
  const std::int64_t before = peak_kib();
  for (const auto& text : kHostileQueries) {
    for (const auto& limits : {QueryLimits{}, wide}) {
      INFO(text.substr(0, 12) << "… of " << text.size() << " bytes, bound " << limits.bytes);
      bool refused = false, told = false;
      std::chrono::nanoseconds parsing{}, all{};
      on_small_stack([&] {
        Analyzer analyzer;
        CompileContext context{analyzer,
                               {"news"},
                               limits,
                               {as_typed},
                               phrases_without_segments(analyzer),
                               near_without_segments(analyzer)};
        context.words = words_of(index.database(), analyzer);
        const auto began = processor_time();
        (void)parse(text, limits);
        parsing = processor_time() - began;
        const auto query = understand(text, context);
        refused = !query;
        told = refused
                   ? query.error().what.starts_with("column ") && query.error().code == Error::Code::BadQuery
                   : query->warnings.size() <= Warnings::kMax;
        if (!refused) {
          Xapian::Enquire enquire(index.database());
          for (const auto& form : {query->strict, query->relaxed.value_or(query->strict)}) {
            enquire.set_query(form);
            (void)enquire.get_mset(0, 10);
          }
        }
        all = processor_time() - began;
      });
      CHECK(told);
      if (limits.bytes < text.size()) CHECK(refused);
      CHECK(parsing < (limits.bytes < text.size() ? 1 : 10) * kSlow * std::chrono::milliseconds(50));
      CHECK(all < kSlow * std::chrono::seconds(2));
    }
  }
  if (kSlow == 1) CHECK(peak_kib() - before < 100 * 1024);
}

TEST_CASE("past a bound a query is refused, at the column where the bound stands", "[query]") {
  Analyzer analyzer;
  const CompileContext context{analyzer,
                               {},
                               {.bytes = 40, .terms = 3, .depth = 2, .nears = 2},
                               {as_typed},
                               phrases_without_segments(analyzer),
                               near_without_segments(analyzer)};
  const auto error = [&](const std::string& text) {
    const auto query = understand(text, context);
    return query ? std::string("none") : query.error().what;
  };
  CHECK(error(std::string(40, 'a')) == "none");
  CHECK(error(std::string(41, 'a')) == "column 41: the query is longer than 40 bytes");
  CHECK(error("a b c") == "none");
  CHECK(error("a b c d") == "column 7: the query has more than 3 words");
  CHECK(error("a \"b c d\"") == "column 3: the query has more than 3 words");
  CHECK(error("a b-c-d") == "column 3: the query has more than 3 terms");
  CHECK(error("a NEAR b NEAR a") == "none");
  CHECK(error("a NEAR NEAR NEAR b") == "column 13: the query has more than 2 NEARs");
  CHECK(error("((a))") == "none");
  CHECK(error("(((a)))") == "column 3: brackets stand more than 2 deep");
}

TEST_CASE("as deep as is allowed, everything still runs on a small stack", "[query]") {
  const std::size_t depth = QueryLimits{}.depth;
  const std::string text = repeat("a -(", depth) + "b" + repeat(")", depth);
  bool understood = false;
  on_small_stack([&] {
    Analyzer analyzer;
    understood =
        understand(text, {analyzer, {}, {}, {as_typed}, phrases_without_segments(analyzer)}).has_value();
  });
  CHECK(understood);
}

TEST_CASE("a plain query may be long, and has bounds of its own", "[query]") {
  Analyzer analyzer;
  std::string text;
  for (int i = 0; i < 1024; ++i) text += "word" + std::to_string(i) + " ";
  CHECK(understand_plain(text, analyzer, {as_typed}));
  const auto longer = understand_plain(text + "more", analyzer, {as_typed});
  REQUIRE_FALSE(longer);
  CHECK(longer.error().what ==
        "column " + std::to_string(text.size() + 1) + ": the query is longer than 1024 words");
  for (const auto& hostile : kHostileQueries) {
    INFO(hostile.substr(0, 12));
    const auto query = understand_plain(hostile, analyzer, {as_typed});
    if (hostile.size() > PlainOptions{}.bytes) CHECK_FALSE(query);
    if (!query) CHECK(query.error().what.starts_with("column "));
  }
}
