// SPDX-License-Identifier: GPL-2.0-or-later
// control.h — the daemon's control socket: one line asks, one line of JSON answers.
//
//   status   the document of indexer/status.h
//   sync     waits until all that was on disk when it was asked is searchable, then {"generation": n}; or {"error": "…"}
//   repair   looks at every checksum, takes damaged segments out of the index, reads again what they held and what differs from the disk;
//            then {"generation": n, "segments": taken out, "vocabularies": made anew}; or {"error": "…"}
//   purge    a sync; then what was removed from the index leaves the disk: {"generation": n, "segments": made anew}; or {"error": "…"}
// Any other line: {"error": "…"}. A line has at most kMaxLine bytes, a connection at most one answer to wait for; past either the
// connection is closed. A client that shuts its sending side down is answered first. What was asked for is done also where the client has
// closed; past kMaxWaiting of such requests in all the next is answered with an error that begins with "busy". Loop thread only. Unix socket, 0600, our own user's peers only (loop/listener.h).
#pragma once
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "indexer/mailbox.h"
#include "loop/listener.h"
#include "loop/poster.h"

namespace tidings::indexer {

class Control {
 public:
  static constexpr std::size_t kMaxLine = 1024;       ///< bytes
  static constexpr std::size_t kMaxConnections = 64;  ///< one more is closed at once
  static constexpr std::size_t kMaxWaiting = 256;     ///< syncs, repairs and purges

  struct Calls {
    std::function<std::string()> status;                ///< the JSON, one line
    std::function<void(SyncCall)> sync, repair, purge;  ///< the answer may come on any thread
  };

  Control(loop::Loop& loop, loop::Poster& poster, const std::string& path, Calls calls);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

 private:
  struct Client {
    std::unique_ptr<loop::Stream> stream;
    std::string received;
    bool waiting = false;
    bool ended = false;  ///< it will send no more
  };

  void accept(std::unique_ptr<loop::Stream> stream);
  void on_data(const std::shared_ptr<Client>& client, std::string_view bytes);
  static void on_end(Client& client);
  void answer(const std::shared_ptr<Client>& client, const std::string& line);
  void wait(const std::shared_ptr<Client>& client, const std::function<void(SyncCall)>& call);

  loop::Poster& poster_;
  Calls calls_;
  std::list<std::shared_ptr<Client>> clients_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::unique_ptr<loop::Listener> listener_;
};

}  // namespace tidings::indexer
