// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/catalogue.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {

KeyHash hash_of(std::string_view key_text) {
  const XXH128_hash_t hash = XXH3_128bits(key_text.data(), key_text.size());
  return {hash.high64, hash.low64};
}

}  // namespace tidings
