// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/store.h"

#include "searcher/alerts/json.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

struct AlertsFixture {
  test::FreshFolder folder;
  alerts::Store store = open();

  alerts::Store open() const {
    auto opened = alerts::Store::open(folder / "state");
    REQUIRE(opened);
    return std::move(*opened);
  }
  alerts::Alert add(const std::string& name) {
    alerts::Alert alert;
    alert.name = name;
    alert.query = "strike";
    alert.since_identity = "one";
    alert.since_generation = 7;
    const auto added = store.add(alert);
    REQUIRE(added);
    return *added;
  }
  static alerts::Firing firing(const alerts::Alert& alert, const std::string& path,
                               std::uint64_t generation = 8) {
    alerts::Firing firing;
    firing.alert = alert.id;
    firing.identity = "one";
    firing.hit.key = {"news", path};
    firing.hit.path = "/reports/" + path;
    firing.hit.title = "Title of " + path;
    firing.hit.generation = generation;
    firing.hit.cause = Cause::Change;
    firing.hit.passages = {{"A strike.", {{2, 8}}}};
    firing.hash = std::string(15, '\0') + "\xff";
    firing.closed_ms = 100;
    firing.pushed_ms = 200;
    return firing;
  }
  std::uint64_t version() {
    const auto now = store.version();
    REQUIRE(now);
    return *now;
  }
  void log(const std::vector<alerts::Firing>& firings, const alerts::Looked& looked = {"one", 8, 0}) {
    auto writing = store.write(version());
    REQUIRE(writing);
    REQUIRE(*writing);
    for (const auto& one : firings) REQUIRE((*writing)->add(one));
    REQUIRE((*writing)->commit(looked));
  }
  std::vector<std::string> logged(const alerts::Store::Range& range = {}) {
    const auto page = store.log(range);
    REQUIRE(page);
    std::vector<std::string> paths;
    for (const auto& one : *page) paths.push_back(one.alert_name + " " + one.hit.key.path);
    return paths;
  }
};

}  // namespace

TEST_CASE_METHOD(AlertsFixture, "an alert is there for whoever opens the store next", "[alerts]") {
  add("strikes");
  auto other = open();
  const auto alert = other.alert("strikes");
  REQUIRE(alert);
  CHECK(alert->query == "strike");
  CHECK(alert->since_generation == 7);
  CHECK(other.looked()->value().generation == 7);  // nothing was looked at yet: looking begins there
  CHECK(other.alert("none").error().code == Error::Code::NotFound);
}

TEST_CASE_METHOD(AlertsFixture, "a name is given once, and is one that may stand in an address", "[alerts]") {
  add("strikes");
  const std::string too_long(65, 'a');
  for (const std::string& name : {std::string("strikes"), std::string(), std::string("a b"),
                                  std::string("a/b"), std::string("é"), std::string(".."), too_long}) {
    alerts::Alert alert;
    alert.name = name;
    INFO(name);
    const auto added = store.add(alert);
    REQUIRE_FALSE(added);
    CHECK(added.error().code == Error::Code::BadRequest);
  }
}

TEST_CASE_METHOD(AlertsFixture, "the log gives back what fired, in order, and after a sequence number",
                 "[alerts]") {
  const auto strikes = add("strikes"), protests = add("protests");
  log({firing(strikes, "a"), firing(protests, "a"), firing(strikes, std::string("b\xff", 2))});
  CHECK(logged() == std::vector<std::string>{"strikes a", "protests a", "strikes b\xff"});
  CHECK(logged({.alert = strikes.id, .after = 1}) == std::vector<std::string>{"strikes b\xff"});
  CHECK(logged({.most = 1}) == std::vector<std::string>{"strikes a"});
  const auto first = store.log({.most = 1})->front(), told = firing(strikes, "a");
  CHECK(first.cursor() == "one:1");
  CHECK(first.key() == told.key());
  CHECK(first.hit.path == told.hit.path);
  CHECK(first.hit.title == told.hit.title);
  CHECK(first.hit.cause == Cause::Change);
  CHECK(first.hit.passages[0].marks == told.hit.passages[0].marks);
  CHECK(first.hash == told.hash);
  CHECK(first.closed_ms == 100);
  CHECK(first.pushed_ms == 200);
}

TEST_CASE_METHOD(AlertsFixture, "what is logged again for the same version and alert is not logged twice",
                 "[alerts]") {
  const auto strikes = add("strikes"), protests = add("protests");
  log({firing(strikes, "a"), firing(strikes, "a")});
  log({firing(strikes, "a"), firing(protests, "a"), firing(strikes, "a", 9)});
  CHECK(logged() == std::vector<std::string>{"strikes a", "protests a", "strikes a"});
}

TEST_CASE_METHOD(AlertsFixture,
                 "what is dropped before it is committed was never there, and how far was looked neither",
                 "[alerts]") {
  const auto strikes = add("strikes");
  {
    auto writing = store.write(version());
    REQUIRE((*writing)->add(firing(strikes, "a")));
  }
  CHECK(logged().empty());
  CHECK(store.looked()->value().generation == 7);
  log({firing(strikes, "a")}, {"one", 12, 0});
  CHECK(store.looked()->value().generation == 12);
}

TEST_CASE_METHOD(AlertsFixture, "who logs for alerts that were changed meanwhile is told so", "[alerts]") {
  add("strikes");
  const auto before = version();
  auto other = open();
  SECTION("by another that adds one") {
    alerts::Alert alert;
    alert.name = "other";
    REQUIRE(other.add(alert));
  }
  SECTION("by another that removes one") {
    REQUIRE(other.remove("strikes"));
  }
  const auto writing = store.write(before);
  REQUIRE(writing);
  CHECK_FALSE(*writing);
  CHECK(store.write(version())->get() != nullptr);
}

TEST_CASE_METHOD(AlertsFixture, "an alert that is removed takes its log along, and no number is used again",
                 "[alerts]") {
  const auto strikes = add("strikes"), protests = add("protests");
  log({firing(protests, "a"), firing(strikes, "a"), firing(strikes, "b")});
  CHECK(store.remove("strikes").value() == 2);
  CHECK(logged() == std::vector<std::string>{"protests a"});
  CHECK(store.last_sequence().value() == 3);
  const auto anew = add("strikes");
  CHECK(anew.id > protests.id);
  log({firing(anew, "c")});
  CHECK(store.log({.after = 3})->front().sequence == 4);
}

TEST_CASE_METHOD(AlertsFixture, "a store of another version is not touched", "[alerts]") {
  {
    alerts::Database database(folder / "state" / "alerts.db");
    database.run("PRAGMA user_version = 99");
  }
  const auto opened = alerts::Store::open(folder / "state");
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Error::Code::IndexVersion);
}

TEST_CASE_METHOD(AlertsFixture, "a disk that is full loses the firing and says so, and the store goes on",
                 "[alerts]") {
  const auto strikes = add("strikes");
  std::vector<alerts::Firing> many;
  for (int n = 0; n < 2000; ++n) many.push_back(firing(strikes, std::to_string(n)));
  {
    const test::FullDisk full(64 << 10);
    auto writing = store.write(version());
    REQUIRE(writing);
    bool whole = true;
    for (const auto& one : many) whole = whole && (*writing)->add(one).has_value();
    if (whole) whole = (*writing)->commit({"one", 9, 0}).has_value();
    CHECK_FALSE(whole);
  }
  CHECK(logged().empty());
  CHECK(store.looked()->value().generation == 7);
  log(many);
  CHECK(logged({.most = 5000}).size() == many.size());
}

TEST_CASE("a cursor is an identity and a number", "[alerts]") {
  CHECK(alerts::cursor_of("a:b:17")->identity == "a:b");
  CHECK(alerts::cursor_of("a:b:17")->sequence == 17);
  for (const char* text : {"", "17", ":17", "a:", "a:x", "a:1x", "a:-1"}) {
    INFO(text);
    CHECK_FALSE(alerts::cursor_of(text));
  }
}
