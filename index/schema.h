// SPDX-License-Identifier: GPL-2.0-or-later
// schema.h — what the index on disk holds, written down once: term prefixes, value slots, metadata keys.
//
// Every file below a corpus folder has one document, the failed and the empty too, so that reconcile, search by
// name and the account of any one file read one store. After notmuch's lib/database.cc and xapian-omega's termprefixes.
//
// TERMS, one document (w: wdf counts; "one"/"many" how often a document has it). None has positions: phrases go by
// segments/word_order.h
//   (none) word   many, w     each word of title and text, folded (see analyzer.h); wdf 0 inside boilerplate. No stems:
//                             a query asks for the forms of a word (segments/vocabulary.h)
//   S  + word     many        each word of the title, wdf 0; they count in (none) once more
//   XP + word     many        each word of the path below the corpus, wdf 0
//   XD + folder   many        each folder above the file, "corpus:a/b", hashed past 200 bytes; "corpus:" for all
//   Q  + key      one         "corpus:path", the document's identity; hashed past 200 bytes (a NUL cannot occur in paths)
//   XT + type     one         text, markdown, html, pdf, office, mail, binary
//   XS + source   one         the source, folded
//   L  + code     one         ISO 639-1 language of the report, where it is known
//   XF + status   one         partial, empty, not_yet_read, not_text, unreadable, failed; none for what was read whole
//   XK + cause    one         arrival, change, catch_up: news. Other causes have no such term
//   XG + number   one         of news: the generation that published this version of the document, decimal: standing
//                             queries look at just the batch of a generation by it
// A term longer than Xapian takes is hashed by `boolean_term`; words are bounded by the analyzer.
//
// VALUE SLOTS (all sort bytewise)
//   0 path        the key's text "corpus:path", bytes as on disk
//   1 size        bytes, sortable_serialise
//   2 stamp       16 bytes: ctime in ns (8, big endian), inode (8, big endian). The device is left out: on some file
//                 systems its number changes with every boot, and a same inode, ctime in ns and size suffice
//   3 cause       1 byte, enum Cause
//   4 status      1 byte, enum Status
//   5 date        seconds since 1970 UTC of the report's date, sortable_serialise; the mtime where it has none
//   6 generation  8 bytes big endian
//   7 first_seen  ms since 1970, 8 bytes big endian: kept when the document changes
//   8 hash        16 bytes: XXH3-128 of the file's contents
//   9 sketch      32 bytes: what near-copies are found by (sketch.h); none where the text is too short for it
//
// DOCUMENT DATA: record.h; in bulk segments without the text, which stands in a file beside it (segments/texts.h).
//
// METADATA of the live segment (written in the same commit as the documents of the generation); the rest stands in the manifest
//   tidings.schema      kSchemaVersion, decimal
//   tidings.manifest    number of the manifest that the commit builds on
//   tidings.generation  decimal, one more at each commit that publishes documents
//   tidings.committed   ms since 1970 of that commit
//   tidings.languages   space-separated, the union of the corpora's: what queries are stemmed with
//   tidings.corpora     name TAB root NUL, one each
//   tidings.control     path of the daemon's control socket
//   tidings.note.NAME.CORPUS  what the daemon notes of a corpus: crawled (how its files were read; with store.h's kRepair: some
//                       documents are missing), mount_point ("yes": its root was one)
//   form.STEM, dead.SEGMENT.CHUNK   segments/vocabulary.h, segments/tombstones.h
//
// HISTORY  1: one Xapian database, with stems. 2: segments, without. 3: words in order in a file beside a segment, and no
// positions in it. 4: sketches of the texts.
// An index of another version is not read: store.h says what happens to it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings {

inline constexpr int kSchemaVersion = 4;

namespace prefix {
inline constexpr std::string_view kTitle = "S", kPathWord = "XP", kFolder = "XD", kKey = "Q", kType = "XT",
                                  kSource = "XS", kLanguage = "L", kStatus = "XF", kCause = "XK",
                                  kGeneration = "XG";
}

namespace slot {
inline constexpr unsigned kPath = 0, kSize = 1, kStamp = 2, kCause = 3, kStatus = 4, kDate = 5,
                          kGeneration = 6, kFirstSeen = 7, kHash = 8, kSketch = 9;
}

/// How far a file was read. The order is stored on disk.
enum class Status : std::uint8_t { Indexed, Partial, Empty, NotYetRead, NotText, Unreadable, Failed };
inline constexpr std::array<std::string_view, 7> kStatusNames = {
    "indexed", "partial", "empty", "not_yet_read", "not_text", "unreadable", "failed"};
inline std::string_view name(Status s) {
  return kStatusNames[static_cast<std::size_t>(s)];
}

/// Why a version of a document came to be. Arrival, Change and CatchUp fire standing queries; the others never do.
enum class Cause : std::uint8_t { Arrival, Change, CatchUp, FirstCrawl, Move, Rebuild, Repair };
inline constexpr std::array<std::string_view, 7> kCauseNames = {
    "arrival", "change", "catch_up", "first_crawl", "move", "rebuild", "repair"};
inline std::string_view name(Cause c) {
  return kCauseNames[static_cast<std::size_t>(c)];
}

/// A prefixed term of any length: past 200 bytes of content, '#' and the XXH3-128 of the content in hex (also where the
/// content begins with '#', so that none passes for another's hash). Between a
/// multi-letter prefix and a content that begins with a capital letter or ':' stands a ':' (Omega's convention).
std::string boolean_term(std::string_view prefix, std::string_view content);

/// A word with its prefix; words are bounded and folded by the analyzer, so nothing stands between.
inline std::string word_term(std::string_view prefix, std::string_view word) {
  std::string term;
  term.reserve(prefix.size() + word.size());
  return term.append(prefix).append(word);
}

/// Where a document lives: corpus and the path below it, '/'-separated, bytes as on disk.
struct Key {
  std::string corpus;
  std::string path;
  std::string text() const { return corpus + ":" + path; }
  std::string term() const { return boolean_term(prefix::kKey, text()); }
  /// Splits at the first ':' (corpus names hold none); throws std::invalid_argument where there is none.
  static Key parse(std::string_view text);
  auto operator<=>(const Key&) const = default;
};

std::string encode_u64(std::uint64_t value);       ///< 8 bytes, big endian
std::uint64_t decode_u64(std::string_view bytes);  ///< throws std::invalid_argument unless it has 8 bytes

}  // namespace tidings
