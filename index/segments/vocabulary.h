// SPDX-License-Identifier: GPL-2.0-or-later
// vocabulary.h — which forms of a word a segment holds, by their stem.
//
// Documents are indexed by the words as they stand there, without stems: that halves the work of indexing, lets the exact form be
// told from its relatives, and another choice of languages needs no file to be read again. A query asks for any
// of a stem's forms instead; they stand in a file beside each sealed segment, made from its terms when it is sealed or
// merged, and for the live segment in its metadata.
//
// FORMAT of SEGMENT.words-K (numbers little endian; strings: 1 byte length, then the bytes):
//   "tidw" 1, string: the languages, space-separated
//   records, ascending by stem: string stem; 2 bytes: number of forms; each form: 1 byte shared with the stem, string rest
//   offsets of every kStride-th record, 4 bytes each
//   4 bytes: number of records; 4 bytes: number of offsets; 8 bytes: XXH3-64 of all before
// A stem with more than 65,535 forms keeps the first of them (no language comes near).
//   metadata "form.STEM"   the live segment's forms of a stem, separated by spaces
#pragma once
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"

namespace tidings {

/// A vocabulary file, mapped into memory and read by any thread.
class Vocabulary {
 public:
  static constexpr std::size_t kStride = 32;  ///< records between offsets

  /// Looks at the form of the file, not at its checksum (`verify` does).
  static Result<std::shared_ptr<const Vocabulary>> open(const std::filesystem::path& path);
  ~Vocabulary();
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;

  /// Adds the forms of the stem to `forms`.
  void forms(std::string_view stem, std::vector<std::string>& forms) const;
  /// All forms, by their stems (one with several stems comes as often), until `found` returns false; false then, too. Some 20 ns each.
  bool each(FunctionRef<bool(std::string_view form)> found) const;
  std::string_view languages() const { return languages_; }
  bool sound() const;  ///< its checksum is right

  /// Writes the vocabulary of a segment: all its words, by the analyzer's stems.
  static Result<void> write(const std::filesystem::path& path, const Xapian::Database& segment,
                            Analyzer& analyzer);

 private:
  Vocabulary(const char* bytes, std::size_t size) : bytes_(bytes), size_(size) {}
  std::string_view stem_at(std::size_t at) const;
  template <class F>
  std::size_t read_forms(std::size_t at, std::string_view stem, F&& found) const;

  const char* bytes_;
  std::size_t size_;
  std::string_view languages_;
  std::size_t records_begin_ = 0, records_end_ = 0, offsets_ = 0;
};

/// The forms in the live segment's metadata, as its writer keeps them.
class LiveForms {
 public:
  explicit LiveForms(const std::vector<std::string>& languages) : analyzer_(languages) {}

  /// Takes in what is there already. Throws what Xapian throws.
  void load(const Xapian::Database& live);
  /// Notes the words of a document; what is new is written to the metadata, in the transaction under way.
  void add(Xapian::WritableDatabase& live, const Xapian::Document& document);

  static std::string key(std::string_view stem);
  static void forms(const Xapian::Database& live, std::string_view stem, std::vector<std::string>& forms);

 private:
  Analyzer analyzer_;
  std::map<std::string, std::vector<std::string>, std::less<>> by_stem_;
};

/// True for the terms that are words of titles and text: those of schema.h without a prefix.
bool is_word_term(std::string_view term);

/// Languages as a vocabulary file names them.
std::string joined(const std::vector<std::string>& languages);

}  // namespace tidings
