// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/query_pool.h"

#include <atomic>
#include <future>
#include <memory>
#include <set>

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

Request pool_request(std::string target) {
  Request r;
  r.target = std::move(target);
  return r;
}

}  // namespace

TEST_CASE("answers come back on the loop's thread, from several threads that each have their own", "[api]") {
  loop::Loop loop;
  loop::Poster poster(loop);
  std::atomic<int> made = 0;
  QueryPool pool(poster, 2, 100, [&] {
    ++made;
    return [id = std::this_thread::get_id()](const Request& r) {
      return Response{
          200, "text/plain", {}, id == std::this_thread::get_id() ? r.target : "another thread's"};
    };
  });
  const auto here = std::this_thread::get_id();
  std::set<std::string> answers;
  for (int i = 0; i < 100; ++i)
    REQUIRE(pool.run(pool_request(std::to_string(i)), [&](Response r) {
      CHECK(std::this_thread::get_id() == here);
      answers.insert(r.body);
      if (answers.size() == 100) loop.stop();
    }));
  CHECK_FALSE(pool.run(pool_request("one more"), [](Response) { FAIL("was refused"); }));
  loop.run();
  CHECK(answers.size() == 100);
  CHECK(pool.in_flight() == 0);
  CHECK(made >= 1);
  CHECK(made <= 2);
}

TEST_CASE("a request that fails inside is answered, and its thread goes on", "[api]") {
  loop::Loop loop;
  loop::Poster poster(loop);
  QueryPool pool(poster, 1, 10, [] {
    return [](const Request& r) -> Response {
      if (r.target == "bad") throw std::runtime_error("broken");
      return {200, "text/plain", {}, r.target};
    };
  });
  std::vector<unsigned> statuses;
  const auto done = [&](Response r) {
    statuses.push_back(r.status);
    if (statuses.size() == 2) loop.stop();
  };
  REQUIRE(pool.run(pool_request("bad"), done));
  REQUIRE(pool.run(pool_request("good"), done));
  loop.run();
  CHECK(statuses == std::vector<unsigned>{500, 200});
}

TEST_CASE("stopping waits for what runs, and drops what has not begun", "[api]") {
  loop::Loop loop;
  loop::Poster poster(loop);
  std::promise<void> begun, go;
  std::atomic<int> worked = 0;
  int answered = 0;
  {
    QueryPool pool(poster, 1, 10, [&] {
      return [&](const Request&) -> Response {
        if (worked++ == 0) begun.set_value();
        go.get_future().wait();
        return {};
      };
    });
    REQUIRE(pool.run(pool_request("runs"), [&](Response) { ++answered; }));
    begun.get_future().wait();
    auto kept = std::make_shared<int>();
    const std::weak_ptr<int> dropped = kept;
    REQUIRE(pool.run(pool_request("waits"), [&answered, kept = std::move(kept)](Response) { ++answered; }));
    std::thread later([&] {
      while (!dropped.expired()) std::this_thread::yield();  // stop() has begun: what waits has been dropped
      go.set_value();
    });
    pool.stop();
    later.join();
    CHECK(worked == 1);
    CHECK_FALSE(pool.run(pool_request("too late"), [](Response) {}));
  }
  poster.close();  // the answer outlived its pool
  CHECK(answered == 1);
}
