// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/daemon_client.h"

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "loop/line_client.h"

namespace tidings::searcher {

using std::chrono::milliseconds;

Result<nlohmann::json> DaemonClient::ask(std::string_view line, milliseconds timeout) const {
  if (socket_.empty())
    return failure(Error::Code::NotFound, "the index names no control socket", "start tidingsd once");
  try {
    const int ms = static_cast<int>(timeout.count());
    loop::LineClient client(socket_, ms);
    auto answer = nlohmann::json::parse(client.request(line, ms));
    // Alone it refuses the request; in a status it is one of many fields.
    if (answer.is_object() && answer.size() == 1 && answer.contains("error") && answer["error"].is_string())
      return failure(Error::Code::Io, "tidingsd: " + answer["error"].get<std::string>());
    if (!answer.is_object())
      return failure(Error::Code::Io, socket_ + ": what answers there is not tidingsd");
    return answer;
  } catch (const std::system_error& e) {
    const auto is = [&](int number) { return e.code() == std::error_code(number, std::generic_category()); };
    if (is(ENOENT) || is(ECONNREFUSED))
      return failure(Error::Code::NotFound, std::string("no daemon is running: ") + e.what(),
                     "start tidingsd");
    if (is(ETIMEDOUT))
      return failure(Error::Code::Busy, std::string("the daemon did not answer in time: ") + e.what(),
                     "try again");
    return failure(Error::Code::Io, e.what());
  } catch (const nlohmann::json::exception& e) {
    return failure(Error::Code::Io, socket_ + ": an answer that is no JSON: " + e.what(),
                   "are tidings and tidingsd of the same version?");
  } catch (const std::runtime_error& e) {  // of LineClient: closed without an answer, a line too long
    return failure(Error::Code::Io, e.what(), "`tidings status` tells whether the daemon is running");
  }
}

/// NotFound where it is the daemon of another index.
Result<void> DaemonClient::keeps_ours(const nlohmann::json& status) const {
  namespace fs = std::filesystem;
  if (index_.empty() || !status.contains("index") || !status["index"].is_string()) return {};
  const fs::path theirs = status["index"].get<std::string>();
  std::error_code error;
  if (fs::equivalent(theirs, index_, error)) return {};
  if (error && fs::weakly_canonical(theirs, error) == fs::weakly_canonical(index_, error)) return {};
  return failure(Error::Code::NotFound,
                 "no daemon is running for this index: the one at " + socket_ + " keeps " + theirs.string(),
                 "start tidingsd with --index " + index_.string());
}

Result<nlohmann::json> DaemonClient::status(milliseconds timeout) const {
  auto status = ask("status", timeout);
  if (status)
    if (auto ours = keeps_ours(*status); !ours) return tl::unexpected(ours.error());
  return status;
}

Result<nlohmann::json> DaemonClient::sync(milliseconds timeout, milliseconds starting) const {
  constexpr milliseconds kAgain{20};
  const auto until = std::chrono::steady_clock::now() + starting;
  for (;;) {
    auto answer = index_.empty() ? nlohmann::json() : status(timeout);
    if (answer) answer = ask("sync", timeout);
    const bool may_be_starting = !answer && answer.error().code == Error::Code::NotFound && !socket_.empty();
    if (!may_be_starting || std::chrono::steady_clock::now() >= until) return answer;
    std::this_thread::sleep_for(kAgain);
  }
}

Result<nlohmann::json> DaemonClient::order(std::string_view line) const {
  if (auto there = status(milliseconds(0)); !there) return there;
  return ask(line, milliseconds(0));
}

std::string progress_text(const nlohmann::json& status) {
  const auto progress = status.find("progress");
  return progress != status.end() && progress->is_object() ? progress->value("text", "") : std::string();
}

}  // namespace tidings::searcher
