// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/live.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "searcher/alerts/json.h"
#include "searcher/present/json.h"

namespace tidings::searcher {
namespace {

std::string record_text(bool events, const std::string& cursor, const std::string& line) {
  return events ? "id: " + cursor + "\nevent: report\ndata: " + line + "\n\n" : line + "\n";
}

std::string notice_text(bool events, const std::string& notice) {
  const std::string line = print({{"notice", notice}});
  return events ? "event: notice\ndata: " + line + "\n\n" : line + "\n";
}

}  // namespace

struct Live::Client {
  std::shared_ptr<Outlet> outlet;
  Request request;
  std::string cursor = {};  ///< of the last record that was written
  bool again = true;        ///< there may be more to tell
  bool reading = false;     ///< a page
  bool untaken = false;
};

struct Live::Page {
  std::string text, cursor;
  Request next;
  bool more = false;
  std::optional<Error> error = {};
};

Live::Live(loop::Loop& loop, const std::filesystem::path& index_folder,
           const std::filesystem::path& state_folder, std::unique_ptr<alerts::Look> look,
           std::size_t client_buffer)
    : page_bytes_(std::min(kPageBytes, client_buffer / 2)),
      follower_(loop, index_folder, state_folder, std::move(look),
                [this](const alerts::Look::News& news) { on_news(news); }) {}

Live::~Live() = default;

void Live::open(Request request, const std::shared_ptr<Outlet>& outlet) {
  const Id id = next_++;
  outlet->on_drained = [this, id] { on_drained(id); };
  outlet->on_gone = [this, id](const std::string& reason) { on_gone(id, reason); };
  const std::string notice = std::exchange(request.notice, {});
  const bool events = request.events;
  if (!request.log) ++listeners_[request.query];
  clients_.emplace(id, Client{outlet, std::move(request)});
  if (!notice.empty()) outlet->write(notice_text(events, notice));
  step(id);
}

void Live::on_news(const alerts::Look::News& news) {
  std::vector<Id> ended, told;
  for (auto& [id, client] : clients_) {
    const auto& alert = client.request.alert;
    if (alert && news.gone.contains(*alert)) ended.push_back(id);
    if (alert ? !news.fired.contains(*alert) : client.request.log && news.fired.empty()) continue;
    if (!client.request.log && news.live && tell(client, *news.live)) continue;
    client.again = true;
    told.push_back(id);
  }
  for (const Id id : told) step(id);
  for (const Id id : ended) end(id, "the alert was removed");
}

/// False: the client is to read a page.
bool Live::tell(Client& client, const alerts::LiveBatch& batch) const {
  Request& request = client.request;
  if (client.reading || client.untaken || client.again || !batch.follows(request.from) ||
      batch.left_out.contains(request.query))
    return false;
  const auto records = batch.after_position(request.query, request.from);
  std::string text;
  for (const auto* record : records) text += record_text(request.events, record->cursor, record->json);
  if (text.size() > page_bytes_) return false;
  if (!records.empty()) client.cursor = records.back()->cursor;
  request.from = {batch.identity, std::max(request.from.generation, batch.to + 1), {}};
  if (text.empty()) return true;
  client.untaken = true;
  client.outlet->write(std::move(text));  // where it has gone, on_gone comes
  return true;
}

/// The queries that nobody listens to any more are not matched any more.
void Live::forget(const Client& client) {
  const std::string& query = client.request.query;
  if (client.request.log || --listeners_[query] > 0) return;
  listeners_.erase(query);
  follower_.ask([query](alerts::Look& look) {
    look.listened().remove(query);
    return [] {};
  });
}

void Live::end(Id id, const std::string& notice) {
  const auto client = clients_.find(id);
  if (client == clients_.end()) return;
  client->second.outlet->write(notice_text(client->second.request.events, notice));
  client->second.outlet->finish();
  forget(client->second);
  clients_.erase(client);
}

void Live::step(Id id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  Client& client = found->second;
  if (client.reading || client.untaken || !client.again) return;
  client.reading = true;
  client.again = false;
  follower_.ask([this, id, request = client.request, bytes = page_bytes_](alerts::Look& look) {
    return [this, id, page = read(look, request, bytes)] { take(id, page); };
  });
}

/// On the Follower's thread.
Live::Page Live::read(alerts::Look& look, const Request& request, std::size_t bytes) {
  Page page;
  page.next = request;
  if (request.log) {
    const auto firings =
        look.store().log({.alert = request.alert, .after = request.after, .most = kPageRecords});
    if (!firings) {
      page.error = firings.error();
      return page;
    }
    page.more = firings->size() == kPageRecords;
    for (const auto& firing : *firings) {
      page.cursor = firing.cursor();
      page.next.after = firing.sequence;
      page.text += record_text(request.events, page.cursor, print(alerts::to_json(firing)));
      if (page.text.size() < bytes) continue;
      page.more = true;
      break;
    }
    return page;
  }
  // First of all: what is published after this page comes with the batches.
  if (auto added = look.listened().add(request.query); !added) {
    page.error = added.error();
    return page;
  }
  const auto live =
      alerts::live_page(look.reader(), look.searcher(), request.query, request.from, kPageRecords);
  if (!live) {
    page.error = live.error();
    return page;
  }
  if (live->replaced)
    page.text = notice_text(request.events, "the index was replaced; all that has arrived in it is told");
  page.next.from = live->next;
  page.more = live->more;
  for (const auto& record : live->records) {
    page.cursor = record.cursor;
    page.text += record_text(request.events, record.cursor, alerts::live_line(record.hit, record.cursor));
    if (page.text.size() < bytes) continue;
    page.next.from = {live->next.identity, record.hit.generation, record.hit.key.text()};
    page.more = true;
    break;
  }
  return page;
}

void Live::take(Id id, const Page& page) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  Client& client = found->second;
  client.reading = false;
  if (page.error) {
    if (page.error->code == Error::Code::BadQuery) return end(id, page.error->what);
    spdlog::warn("a client of {} waits: {}", client.request.name, page.error->what);
    return;  // until there is a generation that can be read, which tells of itself
  }
  client.request = page.next;
  client.again = client.again || page.more;
  if (page.text.empty()) return step(id);
  client.untaken = true;
  if (!page.cursor.empty()) client.cursor = page.cursor;
  client.outlet->write(page.text);  // where it has gone, on_gone comes
}

void Live::on_drained(Id id) {
  const auto client = clients_.find(id);
  if (client == clients_.end()) return;
  client->second.untaken = false;
  step(id);
}

void Live::on_gone(Id id, const std::string& reason) {
  const auto client = clients_.find(id);
  if (client == clients_.end()) return;
  if (reason == "slow reader")
    spdlog::info("a client of {} was dropped, for it takes nothing; all that it may not have is after {}",
                 client->second.request.name, client->second.cursor);
  forget(client->second);
  clients_.erase(client);
}

}  // namespace tidings::searcher
