// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/encoding.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "index/characters.h"

namespace tidings::indexer {
namespace {

constexpr std::size_t kSampleBytes = 8192;       ///< looked at for UTF-16 and UTF-32
constexpr std::size_t kGuessBytes = 256 * 1024;  ///< given to uchardet: the lines that hold 8-bit bytes
constexpr std::size_t kFewBytes = 24;  ///< 8-bit bytes below which uchardet's guess is not asked first
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool high(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Bytes at the begin that are ASCII, eight at a time.
std::size_t ascii_run(std::string_view s) {
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + sizeof eight <= s.size(); at += sizeof eight) {
    std::memcpy(&eight, s.data() + at, sizeof eight);
    if (eight & 0x8080808080808080u) break;
  }
  while (at < s.size() && !high(s[at])) ++at;
  return at;
}

struct Utf8Check {
  std::uint64_t sequences = 0, malformed = 0;
  std::size_t incomplete_tail = 0;  ///< bytes at the end that begin a character and do not finish it
};

/// Bytes of the well-formed sequence at `at`, or 0. `rest` is set when the text ended within one.
std::size_t sequence_at(std::string_view s, std::size_t at, bool& ended) {
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(s.size() - at, 4));
  const auto* data = reinterpret_cast<const std::uint8_t*>(s.data()) + at;
  std::int32_t used = 0;
  UChar32 c = 0;
  U8_NEXT(data, used, size, c);
  ended = c < 0 && at + static_cast<std::size_t>(used) == s.size() && U8_IS_LEAD(data[0]) &&
          U8_COUNT_TRAIL_BYTES(data[0]) + 1 > used;
  return c < 0 ? 0 : static_cast<std::size_t>(used);
}

Utf8Check check_utf8(std::string_view s) {
  Utf8Check found;
  for (std::size_t i = 0; i < s.size();) {
    if (!high(s[i])) {
      i += ascii_run(s.substr(i));
      continue;
    }
    bool ended = false;
    const std::size_t n = sequence_at(s, i, ended);
    if (n != 0) {
      ++found.sequences;
      i += n;
    } else if (ended) {
      found.incomplete_tail = s.size() - i;
      break;
    } else {
      ++found.malformed;
      ++i;
    }
  }
  return found;
}

std::string_view wide_by_units(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, std::min(bytes.size(), kSampleBytes) & ~std::size_t{3});
  if (sample.size() >= 8 && sample.find('\0') != sample.npos) {
    bool little = true, big = true;
    for (std::size_t i = 0; i + 3 < sample.size() && (little || big); i += 4) {
      const auto u = [&](std::size_t k) { return static_cast<unsigned char>(sample[i + k]); };
      if (u(3) != 0 || u(2) > 0x10 || (u(0) | u(1) | u(2)) == 0) little = false;
      if (u(0) != 0 || u(1) > 0x10 || (u(1) | u(2) | u(3)) == 0) big = false;
    }
    if (little) return "UTF-32LE";
    if (big) return "UTF-32BE";
  }
  // UTF-16: one reading has spaces and line ends where the other has U+2000 and U+0A00, no impossible units,
  // and few different upper bytes, since a text is mostly of one script.
  std::string_view best;
  const std::string_view pairs = bytes.substr(0, std::min(bytes.size(), kSampleBytes) & ~std::size_t{1});
  if (pairs.size() < 4 || pairs.find('\0') == pairs.npos) return best;
  std::size_t most_spaces = 0;
  for (const bool little : {true, false}) {
    std::size_t spaces = 0, impossible = 0, ascii = 0;
    std::array<std::size_t, 256> upper{};
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      const unsigned lo = static_cast<unsigned char>(pairs[little ? i : i + 1]);
      const unsigned hi = static_cast<unsigned char>(pairs[little ? i + 1 : i]);
      const unsigned unit = hi << 8 | lo;
      ++upper[hi];
      if (unit == 0x20 || unit == 0x0A || unit == 0x0D || unit == 0x09) ++spaces;
      if (unit >= 0x20 && unit < 0x7F) ++ascii;
      if (unit == 0 || unit >= 0xFFFE || (unit < 0x20 && (unit < 9 || unit > 13))) ++impossible;
    }
    const std::size_t units = pairs.size() / 2;
    const bool latin = ascii * 10 >= units * 9;
    const bool scripted =
        (upper[0] + *std::max_element(upper.begin() + 1, upper.end())) * 2 >= units && spaces > 0;
    if (impossible == 0 && (latin || scripted) && spaces + ascii > most_spaces) {
      most_spaces = spaces + ascii;
      best = little ? "UTF-16LE" : "UTF-16BE";
    }
  }
  return best;
}

/// Does every 8-bit byte make sense as windows-1252: letters beside letters, quotes, dashes, signs beside
/// digits?
bool sensible_western(std::string_view s) {
  static constexpr std::string_view kAnywhere =
      "\x80\x82\x84\x85\x8B\x91\x92\x93\x94\x95\x96\x97\x99\x9B\xA0\xA1\xA3\xA7\xA9\xAA\xAB\xAE\xB0\xB4\xB7"
      "\xBA\xBB\xBC\xBD\xBE\xBF";
  std::size_t odd = 0, all = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!high(s[i])) continue;
    ++all;
    const auto c = static_cast<unsigned char>(s[i]);
    const bool inside = i > 0 && is_ascii_letter(s[i - 1]) && i + 1 < s.size() && is_ascii_letter(s[i + 1]);
    if (kAnywhere.find(s[i]) != kAnywhere.npos) {
      // In the middle of a word only an apostrophe stands, or a dash.
      if (inside && c != 0x92 && c != 0x96 && c != 0x97 && c != 0x91 && c != 0xB4 && c != 0x85 && c != 0xA0 &&
          c != 0xB7)
        ++odd;
    } else if (c >= 0xC0 || c == 0x8A || c == 0x8C || c == 0x8E || c == 0x9A || c == 0x9C || c == 0x9E ||
               c == 0x9F) {
      if (c == 0xD7 || c == 0xF7) ++odd;
      const auto beside = [&](char n) { return is_ascii_letter(n) || high(n); };
      if (!(i > 0 && beside(s[i - 1])) && !(i + 1 < s.size() && beside(s[i + 1]))) {
        // A letter alone is a word in a few languages (à, é, ó), never a capital but À and Ó.
        if (c != 0xE0 && c != 0xE9 && c != 0xF3 && c != 0xC0 && c != 0xD3 && c != 0xE8) ++odd;
      }
      // A capital after a small letter belongs to another encoding (ISO 8859-5, KOI8, cp850).
      if (c >= 0xC0 && c <= 0xDE && i > 0 && s[i - 1] >= 'a' && s[i - 1] <= 'z') ++odd;
    } else {
      ++odd;
    }
  }
  return odd * 20 <= all;
}

std::string guess(std::string_view bytes) {
  std::string sample;
  const bool escapes = bytes.substr(0, kGuessBytes).find('\x1B') != bytes.npos;
  for (std::size_t at = 0; at < bytes.size() && sample.size() < kGuessBytes;) {
    const std::size_t end = std::min({bytes.find('\n', at), bytes.size() - 1, at + kGuessBytes}) + 1;
    const std::string_view line = bytes.substr(at, end - at);
    if (escapes || std::any_of(line.begin(), line.end(), high)) sample.append(line);
    at = end;
  }
  const std::unique_ptr<struct uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                              &uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return uchardet_get_charset(detector.get());
}

struct Converter {
  UConverter* c = nullptr;
  explicit Converter(const char* name) {
    UErrorCode error = U_ZERO_ERROR;
    c = ucnv_open(name, &error);
    if (U_FAILURE(error)) c = nullptr;
  }
  ~Converter() {
    if (c != nullptr) ucnv_close(c);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
};

struct Loss {
  std::uint64_t bytes = 0;
};

void count_loss(const void* context, UConverterToUnicodeArgs* args, const char*, std::int32_t length,
                UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone
  const_cast<Loss*>(static_cast<const Loss*>(context))->bytes += static_cast<std::uint64_t>(length);
  *error = U_ZERO_ERROR;
  constexpr UChar kMark = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &kMark, 1, 0, error);
}

std::optional<Decoded> convert(std::string_view bytes, const char* name) {
  const Converter from(name), to("UTF-8");
  if (from.c == nullptr || to.c == nullptr) return std::nullopt;
  Decoded out;
  Loss loss;
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(from.c, count_loss, &loss, nullptr, nullptr, &error);
  out.encoding = ucnv_getName(from.c, &error);
  if (U_FAILURE(error)) return std::nullopt;
  out.text.reserve(bytes.size() + bytes.size() / 4 + 16);
  std::array<UChar, 4096> pivot;
  UChar *pivot_source = pivot.data(), *pivot_target = pivot.data();
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  std::array<char, 16384> chunk;
  bool reset = true;
  do {
    char* target = chunk.data();
    error = U_ZERO_ERROR;
    ucnv_convertEx(to.c, from.c, &target, chunk.data() + chunk.size(), &source, source_end, pivot.data(),
                   &pivot_source, &pivot_target, pivot.data() + pivot.size(), reset, true, &error);
    out.text.append(chunk.data(), static_cast<std::size_t>(target - chunk.data()));
    reset = false;
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  if (U_FAILURE(error)) return std::nullopt;
  out.lost_bytes = loss.bytes;
  return out;
}

Decoded as_utf8(std::string_view bytes, const Utf8Check& check, bool cut) {
  if (cut) bytes.remove_suffix(check.incomplete_tail);
  const std::uint64_t lost = check.malformed + (cut ? 0 : check.incomplete_tail);
  if (lost == 0) return {std::string(bytes), "UTF-8", 0};
  return {valid_utf8(bytes), "UTF-8", lost};
}

}  // namespace

bool begins_as_utf8(std::string_view bytes) {
  return check_utf8(bytes).malformed == 0;
}

std::string valid_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 16);
  for (std::size_t i = 0; i < s.size();) {
    bool ended = false;
    const std::size_t n = high(s[i]) ? sequence_at(s, i, ended) : 1;
    if (n == 0) {
      out.append(kReplacement);
      ++i;
    } else {
      out.append(s, i, n);
      i += n;
    }
  }
  return out;
}

std::string_view wide_encoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xEF\xBB\xBF"sv)) return {};
  if (bytes.starts_with("\xFF\xFE\0\0"sv) && bytes.size() % 4 == 0) return "UTF-32LE";
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32BE";
  if (bytes.starts_with("\xFF\xFE"sv)) return "UTF-16LE";
  if (bytes.starts_with("\xFE\xFF"sv)) return "UTF-16BE";
  return wide_by_units(bytes);
}

std::string declared_charset(std::string_view bytes) {
  std::string head(bytes.substr(0, kDeclarationBytes));
  for (char& c : head) c = ascii_lower(c);
  const auto value_after = [&](std::size_t at) {
    at = head.find_first_not_of(" \t\r\n=\"'", at);
    if (at == head.npos) return std::string();
    const std::size_t end = head.find_first_of(" \t\r\n\"';/>?", at);
    return head.substr(at, end == head.npos ? 0 : std::min<std::size_t>(end - at, 40));
  };
  if (const std::size_t xml = head.find("<?xml"); xml != head.npos) {
    const std::size_t end = head.find("?>", xml), at = head.find("encoding", xml);
    if (at < end && end != head.npos) return value_after(at + 8);
  }
  for (std::size_t meta = head.find("<meta"); meta != head.npos; meta = head.find("<meta", meta + 5)) {
    const std::size_t end = head.find('>', meta), at = head.find("charset", meta);
    if (at != head.npos && at < end) return value_after(at + 7);
  }
  return {};
}

Decoded decode(std::string_view bytes, std::string_view declared, bool cut) {
  if (const std::string_view wide = wide_encoding(bytes); !wide.empty()) {
    const std::size_t unit = wide.starts_with("UTF-32") ? 4 : 2;
    if (cut) bytes.remove_suffix(bytes.size() % unit);
    if (auto out = convert(bytes, std::string(wide).c_str())) {
      if (out->text.starts_with("\xEF\xBB\xBF")) out->text.erase(0, 3);
      return *std::move(out);
    }
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const Utf8Check check = check_utf8(bytes);
  const bool escapes = bytes.substr(0, kGuessBytes).find("\x1B$") != bytes.npos;
  if (check.malformed == 0 && (cut || check.incomplete_tail == 0) && !escapes)
    return as_utf8(bytes, check, cut);
  if (check.sequences > 10 * check.malformed) return as_utf8(bytes, check, cut);

  if (!declared.empty() && !declared.starts_with("utf")) {
    auto out = convert(bytes, std::string(declared).c_str());
    if (out && out->lost_bytes * 1000 <= bytes.size()) return *std::move(out);
  }
  const auto eight_bit = static_cast<std::uint64_t>(std::count_if(bytes.begin(), bytes.end(), high));
  const bool western = eight_bit > 0 && eight_bit * 5 < bytes.size() && sensible_western(bytes);
  std::string name;
  if (western && eight_bit < kFewBytes) name = "windows-1252";
  if (name.empty()) name = guess(bytes);
  const bool odd_guess =
      name.empty() || name == "ASCII" || name.starts_with("MAC") || name.starts_with("IBM");
  if (name == "ISO-8859-1" || name == "ISO-8859-15" || (western && odd_guess)) name = "windows-1252";
  if (!name.empty() && name != "ASCII" && name != "UTF-8") {
    auto out = convert(bytes, name.c_str());
    if (out && out->lost_bytes * 20 <= eight_bit + 20) return *std::move(out);
  }
  if (check.sequences > check.malformed || eight_bit == 0) return as_utf8(bytes, check, cut);
  if (auto out = convert(bytes, "windows-1252")) return *std::move(out);
  return as_utf8(bytes, check, cut);
}

}  // namespace tidings::indexer
