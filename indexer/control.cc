// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/control.h"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace tidings::indexer {

Control::Control(loop::Loop& loop, loop::Poster& poster, const std::string& path, Calls calls)
    : poster_(poster), calls_(std::move(calls)) {
  listener_ = std::make_unique<loop::Listener>(
      loop, path,
      loop::Listener::Callbacks{
          .on_connection = [this](std::unique_ptr<loop::Stream> stream) { accept(std::move(stream)); },
          .on_refused = [](const std::string& reason) { spdlog::warn("control socket: {}", reason); }},
      kMaxConnections);
}

Control::~Control() = default;

void Control::accept(std::unique_ptr<loop::Stream> stream) {
  auto client = std::make_shared<Client>();
  client->stream = std::move(stream);
  clients_.push_back(client);
  std::weak_ptr<Client> weak = client;
  client->stream->start({.on_data =
                             [this, weak](std::string_view bytes) {
                               if (auto alive = weak.lock()) on_data(alive, bytes);
                             },
                         .on_closed =
                             [this, weak](const std::string&) {
                               if (auto alive = weak.lock()) clients_.remove(alive);
                             },
                         .on_drained = {},
                         .on_end =
                             [weak] {
                               if (auto alive = weak.lock()) on_end(*alive);
                             }});
}

void Control::on_end(Client& client) {
  client.ended = true;
  if (!client.waiting || client.stream->peer_is_gone()) client.stream->finish();
}

void Control::on_data(const std::shared_ptr<Client>& client, std::string_view bytes) {
  client->received.append(bytes);
  for (auto end = client->received.find('\n'); end != std::string::npos; end = client->received.find('\n')) {
    const std::string line = client->received.substr(0, end);
    client->received.erase(0, end + 1);
    if (line == "status")
      answer(client, calls_.status());
    else if (line == "sync")
      wait(client, calls_.sync);
    else if (line == "repair")
      wait(client, calls_.repair);
    else if (line == "purge")
      wait(client, calls_.purge);
    else
      answer(client, R"({"error":"the control socket knows `status`, `sync`, `repair` and `purge`"})");
  }
  if (client->received.size() > kMaxLine) client->stream->abort();
}

void Control::wait(const std::shared_ptr<Client>& client, const std::function<void(SyncCall)>& call) {
  if (client->waiting) return client->stream->abort();
  if (*waiting_ >= kMaxWaiting)
    return answer(client, R"({"error":"busy: too many requests wait for the daemon; try again later"})");
  client->waiting = true;
  ++*waiting_;
  std::weak_ptr<Client> weak = client;
  call([this, weak, waiting = waiting_](const SyncAnswer& result) {
    --*waiting;
    nlohmann::ordered_json json;
    if (result.error.empty()) {
      json["generation"] = result.generation;
      for (const auto& [what, count] : result.counts) json[what] = count;
    } else {
      json["error"] = result.error;
    }
    const bool posted = poster_.post(
        [this, weak, line = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)] {
          if (auto alive = weak.lock()) {
            alive->waiting = false;
            answer(alive, line);
            if (alive->ended) alive->stream->finish();
          }
        });
    if (!posted)
      spdlog::warn("what was asked for was done, and nobody could be told: the daemon is stopping");
  });
}

void Control::answer(const std::shared_ptr<Client>& client, const std::string& line) {
  if (client->stream->is_open()) client->stream->write(line + "\n");
}

}  // namespace tidings::indexer
