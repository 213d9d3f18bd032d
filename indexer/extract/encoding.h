// SPDX-License-Identifier: GPL-2.0-or-later
// encoding.h — bytes of text in any encoding to UTF-8, and how many of them could not be read.
//
// In this order: a byte order mark; UTF-16 and UTF-32 without one, by where their NULs stand; what the
// document itself declares (HTML's meta, XML's declaration), unless the bytes are valid UTF-8; strict UTF-8;
// UTF-8 with a few bad bytes (fewer than one for each ten good sequences); then uchardet's guess. uchardet
// guesses from letter statistics and is at a loss with a handful of accents, as in most 8-bit mail in Latin
// script: with fewer than kFewBytes of them, or an answer that has no sense there, windows-1252 is taken if
// every byte makes sense in it: a letter beside a letter, or typographic punctuation. A malformed byte
// becomes U+FFFD and is counted in `lost_bytes`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::indexer {

struct Decoded {
  std::string text;      ///< valid UTF-8, without a byte order mark
  std::string encoding;  ///< as ICU names it
  std::uint64_t lost_bytes = 0;
};

/// UTF-16LE, UTF-16BE, UTF-32LE or UTF-32BE if the bytes are that; empty otherwise (UTF-8 included).
std::string_view wide_encoding(std::string_view bytes);

/// Well-formed UTF-8, but for a character that the end cuts.
bool begins_as_utf8(std::string_view bytes);

/// The charset that an HTML or XML document declares in its first kDeclarationBytes, or empty.
std::string declared_charset(std::string_view bytes);
inline constexpr std::size_t kDeclarationBytes = 4096;

/// `declared` may be empty or nonsense. `cut`: the end may stand in the middle of a character, which is no
/// loss.
Decoded decode(std::string_view bytes, std::string_view declared, bool cut);

/// s with each malformed byte of UTF-8 replaced by U+FFFD, for names from the disk.
std::string valid_utf8(std::string_view s);

}  // namespace tidings::indexer
