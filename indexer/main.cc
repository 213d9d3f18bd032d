// SPDX-License-Identifier: GPL-2.0-or-later
// tidingsd: watches corpus folders and keeps the index.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "indexer/daemon.h"
#include "loop/terminal_line.h"

namespace {

/// `over_progress`: where stderr is a terminal, the line of how far it is stands there (loop/terminal_line.h).
void log_to_stderr(const std::string& level, bool over_progress) {
  // Under systemd the journal adds time and priority of its own.
  if (std::getenv("JOURNAL_STREAM") && std::getenv("INVOCATION_ID"))
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("tidingsd", std::make_shared<spdlog::sinks::systemd_sink_mt>()));
  else
    spdlog::set_default_logger(spdlog::stderr_color_mt("tidingsd"));
  const bool wipe = over_progress && ::isatty(STDERR_FILENO) == 1;
  spdlog::set_pattern((wipe ? tidings::loop::TerminalLine::wipe() : "") + "%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::from_str(level));
}

/// Xapian's writer ends the program where a commit fails and cannot be taken back either, and no caller can prevent it: then this is the last
/// word. What failed is in errno still.
[[noreturn]] void tell_the_end() {
  const int error = errno;
  std::fprintf(stderr,
               "tidingsd: cannot go on after an error that a library did not survive: %s\n"
               "  nothing that was published is lost: start it again, once the disk has room and works\n",
               std::strerror(error));
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(tell_the_end);
  CLI::App app("tidingsd: watches folders of reports and keeps their index, for `tidings` to search.");
  tidings::indexer::DaemonOptions options;
  std::string config_file;
  app.add_option(
      "--config", config_file,
      "the configuration file (default: $XDG_CONFIG_HOME/tidings/tidings.toml, /etc/tidings/tidings.toml)");
  app.add_option("--corpus", options.corpora,
                 "a folder of reports; may be given again; replaces the configured ones");
  app.add_option("--index", options.index, "the index folder");
  auto* once = app.add_flag("--once", options.once, "bring the index up to date and exit");
  app.add_flag("--rebuild", options.rebuild, "read all files again, while the index goes on answering");
  app.add_flag("--repair", options.repair,
               "look at every checksum of the index first, and read again what damaged files of it held");
  app.add_flag("--purge", options.purge, "what was removed from the index leaves the disk, too")->needs(once);
  app.set_version_flag("--version", TIDINGS_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  try {
    options.config =
        config_file.empty() ? tidings::config::load_default() : tidings::config::load(config_file);
    log_to_stderr(options.config.log.level, options.once);
    const auto ended = tidings::indexer::run_daemon(std::move(options));
    if (!ended) {
      std::fprintf(stderr, "tidingsd: %s\n", ended.error().what.c_str());
      if (!ended.error().hint.empty()) std::fprintf(stderr, "  %s\n", ended.error().hint.c_str());
      return 2;
    }
    if (ended->thread_left) {
      spdlog::default_logger()->flush();
      ::_exit(0);
    }
    return 0;
  } catch (const tidings::config::ConfigError& e) {
    for (const auto& problem : e.problems()) std::fprintf(stderr, "%s\n", problem.message().c_str());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tidingsd: %s\n", e.what());
    return 2;
  }
}
