// SPDX-License-Identifier: GPL-2.0-or-later
// live.h — the clients that listen: to the log of an alert, or to a query; as Server-Sent Events, or a line of JSON each (ndjson).
//
//   id: CURSOR             of Server-Sent Events: a client that comes back sends it as Last-Event-ID, which browsers do by themselves
//   event: report          data: a FIRING of alerts/json.h, or of a query a HIT of present/json.h with "cursor"
//   event: notice          data: {"notice": s}: the index or the log is another one, the alert was removed (then the stream ends)
// In ndjson a notice is a line of its own, too.
//
// A client that is up to date is given what each generation brings to its query, matched once for all who ask it
// (alerts/listened.h). One that is behind, and one that listens to an alert, is told page by page: the next is read (on the
// Follower's thread, from the log or the index) when the one before has been taken, and at once where it has taken all. So what
// waits for a client is one page, kPageBytes or half its buffer, whatever it listens to; others never wait for it,
// and it loses nothing by being slow. One that takes nothing for idle_timeout_ms is dropped, and the log of the server says where it may
// resume; it knows so itself, by the last record that it has.
//
// Loop thread only. As many clients as limits.connections lets in.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "searcher/alerts/follower.h"
#include "searcher/alerts/live_page.h"
#include "searcher/api/outlet.h"

namespace tidings::searcher {

class Live {
 public:
  static constexpr std::size_t kPageRecords = 100;
  static constexpr std::size_t kPageBytes = 64 << 10;  ///< and a record more

  struct Request {
    bool events = true;                      ///< else ndjson
    std::string name;                        ///< for the log: the alert's, or the query
    bool log = false;                        ///< of alerts; else of a query
    std::optional<std::int64_t> alert = {};  ///< of that one alone
    std::int64_t after = 0;                  ///< a sequence number of it
    std::string query = {};
    alerts::Position from = {};  ///< told before
    std::string notice = {};     ///< to begin with
  };

  /// `client_buffer`: bytes.
  Live(loop::Loop& loop, const std::filesystem::path& index_folder, const std::filesystem::path& state_folder,
       std::unique_ptr<alerts::Look> look, std::size_t client_buffer);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  void open(Request request, const std::shared_ptr<Outlet>& outlet);

 private:
  struct Client;
  struct Page;
  using Id = std::uint64_t;

  void on_news(const alerts::Look::News& news);
  bool tell(Client& client, const alerts::LiveBatch& batch) const;
  void forget(const Client& client);
  void step(Id id);
  void take(Id id, const Page& page);
  void on_drained(Id id);
  void on_gone(Id id, const std::string& reason);
  void end(Id id, const std::string& notice);
  static Page read(alerts::Look& look, const Request& request, std::size_t bytes);

  const std::size_t page_bytes_;
  std::map<Id, Client> clients_;
  std::map<std::string, std::size_t> listeners_;  ///< how many of them listen to each query
  Id next_ = 1;
  alerts::Follower follower_;  // the last, since its thread asks for nothing of ours when it has gone
};

}  // namespace tidings::searcher
