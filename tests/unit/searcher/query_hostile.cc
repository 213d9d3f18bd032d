// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>

#include <chrono>
#include <functional>

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
#else
constexpr std::size_t kSmallStack = 256 * 1024;
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

const std::string kHostile[] = {
    repeat("(", 1'000'000),
    repeat(")", 1'000'000),
    repeat("()", 500'000),
    repeat("\"", 1'000'000),
    repeat("\"", 999'999),
    std::string(1'000'000, '\0'),
    std::string(1'000'000, '\xff'),
    repeat("NOT (", 100'000),
    repeat("NOT ", 250'000),
    repeat("-", 1'000'000),
    repeat("-(", 100'000),
    repeat("title:", 100'000),
    repeat("title:(", 100'000),
    repeat("x:", 100'000),
    repeat("OR ", 300'000),
    repeat("a OR ", 200'000),
    repeat("a ", 500'000),
    repeat("a.", 500'000),
    repeat("-a ", 300'000),
    repeat("東", 300'000),
    std::string(1'000'000, 'a'),
    std::string(1'000'000, '*') + "a",
    repeat("e\u0301\u0301\u0301", 100'000),
    "\"" + repeat("a ", 500'000) + "\"",
};

}  // namespace

TEST_CASE("no input is a crash or a hang, on a small stack, with limits or nearly without", "[query]") {
  const QueryLimits wide{.bytes = 10'000'000, .terms = 128, .depth = 32};
  for (const auto& text : kHostile) {
    for (const auto& limits : {QueryLimits{}, wide}) {
      INFO(text.substr(0, 12) << "… of " << text.size() << " bytes, bound " << limits.bytes);
      bool refused = false, told = false;
      const auto began = std::chrono::steady_clock::now();
      on_small_stack([&] {
        Analyzer analyzer;
        const CompileContext context{
            analyzer, {"news"}, limits, {as_typed}, phrases_without_segments(analyzer)};
        const auto query = understand(text, context);
        refused = !query;
        told = refused
                   ? query.error().what.starts_with("column ") && query.error().code == Error::Code::BadQuery
                   : query->warnings.size() <= Warnings::kMax + 1;
      });
      CHECK(told);
      if (limits.bytes < text.size()) CHECK(refused);
      // Sanitizers slow it some ten times.
      CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
    }
  }
}

TEST_CASE("past a bound a query is refused, at the column where the bound stands", "[query]") {
  Analyzer analyzer;
  const CompileContext context{
      analyzer, {}, {.bytes = 40, .terms = 3, .depth = 2}, {as_typed}, phrases_without_segments(analyzer)};
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
  for (const auto& hostile : kHostile) {
    INFO(hostile.substr(0, 12));
    CHECK_FALSE(understand_plain(hostile, analyzer, {as_typed}));
  }
}
