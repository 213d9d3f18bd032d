// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/completion.h"

#include <chrono>

#include "index/snapshot.h"

namespace tidings {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Previous previous_of(const Xapian::Document& document) {
  return {.generation = number_of(document, slot::kGeneration),
          .first_seen_ms = number_of(document, slot::kFirstSeen),
          .cause = cause_of(document),
          .status = status_of(document),
          .hash = document.get_value(slot::kHash)};
}

bool is_news(Cause cause) {
  return cause == Cause::Arrival || cause == Cause::Change || cause == Cause::CatchUp;
}

void complete_as(Xapian::Document& document, const Previous& was) {
  if (!document.get_value(slot::kGeneration).empty() && is_news(cause_of(document))) {
    // Completed before, for a publication that failed.
    document.remove_term(
        boolean_term(prefix::kGeneration, std::to_string(number_of(document, slot::kGeneration))));
    document.remove_term(boolean_term(prefix::kCause, name(cause_of(document))));
  }
  document.add_value(slot::kFirstSeen, encode_u64(was.first_seen_ms));
  document.add_value(slot::kGeneration, encode_u64(was.generation));
  document.add_value(slot::kCause, std::string(1, static_cast<char>(was.cause)));
  if (!is_news(was.cause)) return;
  document.add_boolean_term(boolean_term(prefix::kGeneration, std::to_string(was.generation)));
  document.add_boolean_term(boolean_term(prefix::kCause, name(was.cause)));
}

void complete(PutDocument& put, const std::optional<Previous>& previous, std::uint64_t generation) {
  Previous now{.generation = generation,
               .first_seen_ms = previous ? previous->first_seen_ms : static_cast<std::uint64_t>(now_ms()),
               .cause = put.cause,
               .status = status_of(put.document),
               .hash = {}};
  if (previous) {
    // A file that still cannot be read has no hash, then and now: no change either.
    const bool same_contents = previous->hash == put.hash && previous->status == now.status &&
                               put.cause != Cause::Rebuild && put.cause != Cause::Repair;
    if (same_contents) {
      now.generation = previous->generation;
      now.cause = previous->cause;
    } else if (put.cause == Cause::Arrival) {
      now.cause = Cause::Change;
    }
  } else if (put.cause == Cause::Change) {
    now.cause = Cause::Arrival;
  }
  complete_as(put.document, now);
}

}  // namespace tidings
