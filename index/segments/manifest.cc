// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/manifest.h"

#include <charconv>
#include <sstream>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace fs = std::filesystem;
namespace {

std::string hex(std::uint64_t value) {
  char digits[17];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
  return {digits, end};
}

tl::unexpected<Error> damaged(std::string_view what) {
  return failure(Error::Code::IndexCorrupt, "manifest: " + std::string(what),
                 "`tidings verify --repair` mends it; `tidingsd --rebuild` makes the index anew from the "
                 "corpus folders");
}

constexpr std::string_view kManifestMagic = "tidings manifest ";

/// What follows the magic in the first line.
std::string format_of(std::string_view manifest) {
  return std::string(manifest.substr(kManifestMagic.size(), manifest.find('\n') - kManifestMagic.size()));
}

template <class Number>
bool number_of(std::string_view text, Number& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

/// "documents=12" into the entry.
bool take(std::string_view word, SegmentEntry& entry) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = word.substr(0, equals), value = word.substr(equals + 1);
  if (name == "documents") return number_of(value, entry.documents);
  if (name == "dead") return number_of(value, entry.dead);
  if (name == "words") return number_of(value, entry.words);
  if (name == "texts") return number_of(value, entry.texts);
  if (name == "order") return number_of(value, entry.order);
  if (name == "sketches") return number_of(value, entry.sketches);
  if (name == "bytes") return number_of(value, entry.bytes);
  if (name == "sum") return number_of(value, entry.sum, 16);
  return false;
}

bool take_line(const std::string& line, Manifest& manifest) {
  std::istringstream words(line);
  std::string field, value;
  words >> field >> value;
  if (field == "identity") return manifest.identity = value, !value.empty();
  if (field == "number") return number_of(value, manifest.number);
  if (field == "generation") return number_of(value, manifest.generation);
  if (field == "committed") return number_of(value, manifest.committed_ms);
  if (field == "next") return number_of(value, manifest.next);
  if (field == "live") return number_of(value, manifest.live);
  if (field == "beside") return number_of(value, manifest.beside);
  if (field != "sealed") return false;
  SegmentEntry entry;
  std::string form;
  words >> form;
  if (!number_of(value, entry.id) || (form != "folder" && form != "file")) return false;
  entry.folder = form == "folder";
  for (std::string word; words >> word;)
    if (!take(word, entry)) return false;
  manifest.sealed.push_back(entry);
  return true;
}

}  // namespace

std::string SegmentEntry::stem() const {
  return (folder ? "live-" : "sealed-") + std::to_string(id);
}
fs::path SegmentEntry::path(const fs::path& index) const {
  return index / (folder ? stem() : stem() + ".glass");
}
fs::path SegmentEntry::dead_path(const fs::path& index) const {
  return index / (stem() + ".dead-" + std::to_string(dead));
}
fs::path SegmentEntry::words_path(const fs::path& index) const {
  return index / (stem() + ".words-" + std::to_string(words));
}

fs::path SegmentEntry::texts_path(const fs::path& index) const {
  return index / (stem() + ".texts");
}
fs::path SegmentEntry::order_path(const fs::path& index) const {
  return index / (stem() + ".order");
}
fs::path SegmentEntry::sketches_path(const fs::path& index) const {
  return index / (stem() + ".sketches");
}
std::vector<fs::path> SegmentEntry::files(const fs::path& index) const {
  std::vector<fs::path> all = {path(index), words_path(index)};
  if (dead) all.push_back(dead_path(index));
  if (texts) all.push_back(texts_path(index));
  if (order) all.push_back(order_path(index));
  if (sketches) all.push_back(sketches_path(index));
  return all;
}

fs::path Manifest::live_path(const fs::path& index) const {
  return index / ("live-" + std::to_string(live));
}

fs::path manifest_path(const fs::path& index) {
  return index / "manifest";
}

fs::path next_manifest_path(const fs::path& index) {
  return index / "manifest.next";
}

std::optional<SegmentId> segment_of(std::string_view file_name) {
  const auto dash = file_name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view kind = file_name.substr(0, dash);
  std::string_view digits = file_name.substr(dash + 1);
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  SegmentId id = 0;
  if ((kind != "live" && kind != "sealed") || !number_of(digits, id)) return std::nullopt;
  return id;
}

Error another_format(const fs::path& index, const std::string& theirs) {
  Error error{Error::Code::IndexVersion,
              index.string() + ": made in format " + theirs + "; this program knows format " +
                  std::to_string(Manifest::kFormat),
              "start tidingsd: it makes the index anew from the corpus folders"};
  std::error_code ignored;
  int number = 0;
  if (fs::exists(next_manifest_path(index), ignored)) {
    error.what += ", in which the index is being made anew";
    error.hint = "`tidings sync` waits until it can be searched";
  } else if (!number_of(theirs, number) || number > Manifest::kFormat) {
    error.hint = "this program is older than the index: install the one that goes with it, or " + error.hint;
  }
  return error;
}

std::string Manifest::text() const {
  std::ostringstream out;
  out << "tidings manifest " << kFormat << "\nidentity " << identity << "\nnumber " << number
      << "\ngeneration " << generation << "\ncommitted " << committed_ms << "\nnext " << next << "\nlive "
      << live << '\n';
  if (beside) out << "beside " << beside << '\n';
  for (const auto& s : sealed)
    out << "sealed " << s.id << (s.folder ? " folder" : " file") << " documents=" << s.documents
        << " dead=" << s.dead << " words=" << s.words << " texts=" << s.texts << " order=" << s.order
        << " sketches=" << s.sketches << " bytes=" << s.bytes << " sum=" << hex(s.sum) << '\n';
  const std::string lines = out.str();
  return lines + "end " + hex(XXH3_64bits(lines.data(), lines.size())) + "\n";
}

Result<Manifest> Manifest::parse(std::string_view text) {
  if (!text.starts_with(kManifestMagic)) return damaged("not in our form");
  const std::string version = format_of(text);
  if (version != std::to_string(kFormat))
    return failure(
        Error::Code::IndexVersion,
        "the index is in format " + version + "; this program knows format " + std::to_string(kFormat),
        "tidingsd makes it anew from the corpus folders, without --rebuild too");
  const auto last = text.rfind("end ");
  if (last == std::string_view::npos ||
      text.substr(last) != "end " + hex(XXH3_64bits(text.data(), last)) + "\n")
    return damaged("its checksum is wrong");
  Manifest manifest;
  std::istringstream lines{std::string(text.substr(0, last))};
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line))
    if (!take_line(line, manifest)) return damaged("this line is not understood: " + line);
  if (manifest.identity.empty() || manifest.live == 0) return damaged("it names no live segment");
  return manifest;
}

Result<Manifest> Manifest::read(const fs::path& index) {
  return read_file(index, manifest_path(index));
}
Result<Manifest> Manifest::read_next(const fs::path& index) {
  return read_file(index, next_manifest_path(index));
}

Result<Manifest> Manifest::read_for_writer(const fs::path& index, bool beside) {
  auto manifest = read(index);
  if (manifest || !beside) return manifest;
  auto next = read_next(index);
  const bool took_over = !next && next.error().code == Error::Code::NotFound;  // in between
  return took_over ? read(index) : next;
}

Result<Manifest> Manifest::read_file(const fs::path& index, const fs::path& file) {
  auto text = read_whole(file, kBytesMax);
  if (!text) {
    if (text.error().code == Error::Code::NotFound)
      return failure(Error::Code::NotFound, index.string() + ": no index here",
                     "start tidingsd, or name another folder with --index");
    return tl::unexpected(text.error());
  }
  auto manifest = parse(*text);
  if (!manifest && manifest.error().code == Error::Code::IndexVersion)
    return tl::unexpected(another_format(index, format_of(*text)));
  if (!manifest)
    return failure(manifest.error().code, index.string() + ": " + manifest.error().what,
                   manifest.error().hint);
  return manifest;
}

Result<void> Manifest::write(const fs::path& index) const {
  return replace_file(beside ? next_manifest_path(index) : manifest_path(index), text());
}

}  // namespace tidings
