// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/keys.h"

#include <array>

namespace tidings::config {

namespace {

template <auto Table, auto Member>
Slot in(Config& config, Corpus&) {
  return &(config.*Table.*Member);
}

template <auto Member>
Slot in_corpus(Config&, Corpus& corpus) {
  return &(corpus.*Member);
}

using C = Config;
constexpr std::int64_t kPathBytes = 4095;  // PATH_MAX without its NUL
constexpr std::int64_t kPatterns = 1000;
constexpr std::int64_t kMillion = 1000000;
constexpr std::int64_t kHourMs = 3600000;

// The upper ends keep a slip of the finger from being taken for a wish; none is a limit of the code.
constexpr auto kKeys = std::to_array<Key>({
    {"index", "folder", in<&C::index, &Index::folder>, 0, kPathBytes},

    {"corpus", "name", in_corpus<&Corpus::name>, 1, 64, corpus_name, true},
    {"corpus", "path", in_corpus<&Corpus::path>, 1, kPathBytes, anything, true},
    {"corpus", "include", in_corpus<&Corpus::include>, 1, kPatterns, include_pattern},
    {"corpus", "ignore", in_corpus<&Corpus::ignore>, 0, kPatterns, ignore_pattern},
    {"corpus", "languages", in_corpus<&Corpus::languages>, 1, 8, language},

    {"daemon", "control_socket", in<&C::daemon, &Daemon::control_socket>, 0, kPathBytes, socket_path},
    {"daemon", "pending_paths", in<&C::daemon, &Daemon::pending_paths>, 1, 100 * kMillion},
    {"daemon", "batch_documents", in<&C::daemon, &Daemon::batch_documents>, 1, kMillion},
    {"daemon", "batch_ms", in<&C::daemon, &Daemon::batch_ms>, 1, kHourMs},
    {"daemon", "poll_ms", in<&C::daemon, &Daemon::poll_ms>, 1, 24 * kHourMs},
    {"daemon", "workers", in<&C::daemon, &Daemon::workers>, 0, 1024},

    {"limits", "file_size_mib", in<&C::limits, &Limits::file_size_mib>, 1, 65536},
    {"limits", "report_text_mib", in<&C::limits, &Limits::report_text_mib>, 1, 1024},
    {"limits", "query_bytes", in<&C::limits, &Limits::query_bytes>, 1, kMillion},
    {"limits", "query_terms", in<&C::limits, &Limits::query_terms>, 1, 10000},
    {"limits", "query_depth", in<&C::limits, &Limits::query_depth>, 1, 256},
    {"limits", "results", in<&C::limits, &Limits::results>, 1, kMillion},
    {"limits", "requests_in_flight", in<&C::limits, &Limits::requests_in_flight>, 1, 100000},
    {"limits", "connections", in<&C::limits, &Limits::connections>, 1, 100000},
    {"limits", "client_buffer_kib", in<&C::limits, &Limits::client_buffer_kib>, 1, kMillion},

    {"search", "synonyms", in<&C::search, &Search::synonyms>, 0, kPathBytes},

    {"serve", "socket", in<&C::serve, &Serve::socket>, 0, kPathBytes, socket_path},
    {"serve", "tcp_address", in<&C::serve, &Serve::tcp_address>, 0, 64, tcp_address},
    {"serve", "state_folder", in<&C::serve, &Serve::state_folder>, 0, kPathBytes},
    {"serve", "request_timeout_ms", in<&C::serve, &Serve::request_timeout_ms>, 1, kHourMs},
    {"serve", "idle_timeout_ms", in<&C::serve, &Serve::idle_timeout_ms>, 1, 24 * kHourMs},

    {"log", "level", in<&C::log, &Log::level>, 1, 16, log_level},
});

}  // namespace

std::span<const Key> keys() {
  return kKeys;
}

}  // namespace tidings::config
