// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/status.h"

#include <unistd.h>

#include "tests/unit/catch.h"

using namespace tidings::indexer;
using nlohmann::ordered_json;

TEST_CASE("the status is the document that status.h describes", "[status]") {
  IndexerStatus status;
  status.index = "/var/lib/tidings";
  status.identity = "id";
  status.generation = 7;
  status.documents = 40;
  status.pending = 3;
  status.files = 5;
  status.bytes = 6;
  status.watches = 8;
  status.overflows = 1;
  status.quarantined = 2;
  status.quarantine_bytes = 9;
  status.as_of_ms = 1'722'470'400'123;
  status.corpora = {{"news", "/r/news", "offline", "/r/news: No such file or directory", {}, 0}};
  const ordered_json json = to_json(status);
  CHECK(json == ordered_json{{"version", 1},
                             {"pid", ::getpid()},
                             {"state", "crawling"},
                             {"index", "/var/lib/tidings"},
                             {"identity", "id"},
                             {"generation", 7},
                             {"as_of_ms", 1'722'470'400'123},
                             {"documents", 40},
                             {"pending", 3},
                             {"files", 5},
                             {"bytes", 6},
                             {"watches", 8},
                             {"overflows", 1},
                             {"progress", nullptr},
                             {"quarantined", 2},
                             {"quarantine_bytes", 9},
                             {"error", nullptr},
                             {"corpora",
                              {{{"name", "news"},
                                {"path", "/r/news"},
                                {"state", "offline"},
                                {"reason", "/r/news: No such file or directory"},
                                {"polled", ordered_json::array()},
                                {"polled_more", 0}}}}});
  SECTION("with the reason why the index cannot be written") {
    status.error = "disk full";
    status.crawling = false;
    CHECK(to_json(status)["error"] == "disk full");
    CHECK(to_json(status)["state"] == "ready");
  }
  SECTION("with how far a backfill is, null for what cannot be known") {
    status.progress = {.files_done = 2,
                       .files_total = 5,
                       .bytes_done = 30,
                       .bytes_total = 70,
                       .listed = false,
                       .files_per_s = 1.5,
                       .bytes_per_s = {},
                       .seconds_left = {}};
    CHECK(to_json(status)["progress"] == ordered_json{{"files_done", 2},
                                                      {"files_total", 5},
                                                      {"bytes_done", 30},
                                                      {"bytes_total", 70},
                                                      {"listed", false},
                                                      {"files_per_s", 1.5},
                                                      {"bytes_per_s", nullptr},
                                                      {"seconds_left", nullptr},
                                                      {"text", "2 of at least 5 files, 2 files/s"}});
  }
  SECTION("with the folders that are polled, and why") {
    status.corpora[0].polled = {{"/r/news/nas", "/r/news/nas", "nfs4", "because"},
                                {"/r/news/a", "", "", "else"}};
    status.corpora[0].polled_more = 3;
    const ordered_json corpus = to_json(status)["corpora"][0];
    CHECK(corpus["polled"][0] ==
          ordered_json{
              {"path", "/r/news/nas"}, {"mount", "/r/news/nas"}, {"type", "nfs4"}, {"reason", "because"}});
    CHECK(corpus["polled"][1] ==
          ordered_json{{"path", "/r/news/a"}, {"mount", nullptr}, {"type", nullptr}, {"reason", "else"}});
    CHECK(corpus["polled_more"] == 3);
  }
  SECTION("without corpora the list is empty, not missing") {
    status.corpora.clear();
    CHECK(to_json(status)["corpora"] == ordered_json::array());
  }
}

TEST_CASE("a corpus says first that it is offline, then that it is crawled, then what is polled of it",
          "[status]") {
  tidings::config::Corpus settings;
  settings.name = "news";
  settings.path = "/r/news";
  CorpusFolder corpus(settings);
  CHECK(corpus_status(corpus, /*crawling=*/false).state == "watched");
  CHECK(corpus_status(corpus, /*crawling=*/false).reason.empty());
  corpus.polled.untold("nas", {7, "/r/news/nas", "nfs4"});
  for (int i = 0; i < 20; ++i) corpus.polled.unwatched("u" + std::to_string(i));
  const auto polled = corpus_status(corpus, /*crawling=*/false);
  CHECK(polled.state == "polled");
  CHECK(polled.polled.size() == kPolledShown);
  CHECK(polled.polled_more == 5);
  CHECK(polled.polled[0].path == "/r/news/nas");
  CHECK(polled.polled[0].reason == "nfs4, mounted at /r/news/nas, does not tell of what others change there");
  CHECK(polled.polled[1].path == "/r/news/u0");
  CHECK(polled.polled[1].reason.find("max_user_watches") != std::string::npos);
  CHECK(corpus_status(corpus, /*crawling=*/true).state == "crawling");
  CHECK(corpus_status(corpus, /*crawling=*/true).polled.size() == kPolledShown);
  corpus.offline = true;
  corpus.offline_reason = "gone";
  CHECK(corpus_status(corpus, /*crawling=*/true).state == "offline");
  CHECK(corpus_status(corpus, /*crawling=*/false).reason == "gone");
}
