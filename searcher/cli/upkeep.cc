// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/upkeep.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "searcher/cli/verify.h"

namespace tidings::searcher {
namespace {

namespace fs = std::filesystem;

/// The one beside this program, or its name alone, to be found on PATH.
std::string daemon_program() {
  std::error_code error;
  const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / "tidingsd";
  return !error && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "tidingsd";
}

std::vector<std::string> daemon_arguments(const Context& context, const char* flag) {
  std::vector<std::string> arguments = {daemon_program(), "--once", flag, "--index", context.index.string()};
  if (!context.config.file.empty())
    arguments.insert(arguments.end(), {"--config", context.config.file.string()});
  if (context.config.corpora.empty())
    if (const auto facts = read_facts(context.index))
      for (const auto& corpus : facts->corpora) arguments.insert(arguments.end(), {"--corpus", corpus.root});
  return arguments;
}

Result<void> run_daemon_once(const Context& context, const char* flag) {
  auto arguments = daemon_arguments(context, flag);
  std::fprintf(stderr, "no daemon is running: this is done by `%s --once %s`\n", arguments.front().c_str(),
               flag);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  if (const int error = ::posix_spawnp(&pid, argv.front(), nullptr, nullptr, argv.data(), environ);
      error != 0)
    return failure(Error::Code::Io, arguments.front() + ": " + std::strerror(error),
                   "start tidingsd yourself, with --once " + std::string(flag));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return failure(Error::Code::Io, std::string("tidingsd: ") + std::strerror(errno));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failure(Error::Code::Io,
                 WIFEXITED(status) ? "tidingsd ended with " + std::to_string(WEXITSTATUS(status))
                                   : "tidingsd was ended by signal " + std::to_string(WTERMSIG(status)),
                 "what it said is above");
}

/// By the daemon, whose answer is told by `done`, or by one that is run for it.
template <class Done>
Result<void> order(const Context& context, const std::string& line, Done&& done) {
  auto answer = context.daemon().order(line);
  if (answer) {
    done(*answer);
    return {};
  }
  if (answer.error().code != Error::Code::NotFound) return tl::unexpected(answer.error());
  return run_daemon_once(context, ("--" + line).c_str());
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

int run_repair(const Context& context) {
  auto ordered = order(context, "repair", [](const nlohmann::json& answer) {
    put(counted(answer.value("segments", 0ULL), "damaged segment was", "damaged segments were") +
        " taken out and read again, " +
        counted(answer.value("vocabularies", 0ULL), "vocabulary", "vocabularies") +
        " made anew; generation " + std::to_string(answer.value("generation", 0ULL)) + "\n");
  });
  if (!ordered) return tell(ordered.error());
  return run_verify(context);
}

int run_purge(const Context& context) {
  if (auto there = read_facts(context.index); !there && there.error().code == Error::Code::NotFound)
    return tell(there.error());
  auto ordered = order(context, "purge", [](const nlohmann::json& answer) {
    put(counted(answer.value("segments", 0ULL), "segment was", "segments were") +
        " made anew without what was removed; generation " +
        std::to_string(answer.value("generation", 0ULL)) + "\n");
  });
  return ordered ? kFound : tell(ordered.error());
}

}  // namespace tidings::searcher
