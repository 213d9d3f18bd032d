// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/texts.h"

#include <zstd.h>

#include "index/segments/little_endian.h"

namespace tidings {
namespace {

constexpr std::string_view kTextsMagic = "tidt\1";
constexpr std::size_t kTextsTrailer = 8, kBlockEntry = 16, kDocumentEntry = 12;

std::uint32_t u32_at(const char* bytes) {
  return static_cast<std::uint32_t>(number_at(bytes, 4));
}

[[noreturn]] void corrupt(Xapian::docid id) {
  throw Xapian::DatabaseCorruptError("the text of document " + std::to_string(id) + " cannot be unpacked");
}

}  // namespace

Result<std::shared_ptr<const Texts>> Texts::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path, kTextsMagic, "file of texts");
  if (!file) return tl::unexpected(file.error());
  std::shared_ptr<Texts> texts(new Texts(std::move(*file)));
  const std::string_view bytes = texts->file_.bytes();
  const auto damaged = failure(Error::Code::IndexCorrupt, path.string() + ": not a file of texts of ours",
                               "`tidings verify --repair` makes it anew from the corpus folders");
  if (bytes.size() < kTextsMagic.size() + kTextsTrailer) return damaged;
  const char* end = bytes.data() + bytes.size();
  texts->blocks_ = u32_at(end - kTextsTrailer);
  texts->documents_ = u32_at(end - 4);
  const std::size_t tables = texts->blocks_ * kBlockEntry + texts->documents_ * kDocumentEntry;
  if (kTextsMagic.size() + tables + kTextsTrailer > bytes.size()) return damaged;
  texts->block_table_ = end - kTextsTrailer - tables;
  texts->document_table_ = texts->block_table_ + texts->blocks_ * kBlockEntry;
  return texts;
}

void Texts::append(Xapian::docid id, std::string& out, Unpacked& last) const {
  if (id == 0 || id > documents_) return;
  const char* entry = document_table_ + (id - 1) * kDocumentEntry;
  const std::uint32_t number = u32_at(entry), offset = u32_at(entry + 4), length = u32_at(entry + 8);
  if (number == 0) return;
  if (number > blocks_) corrupt(id);
  const char* block = block_table_ + (number - 1) * kBlockEntry;
  const std::uint64_t begin = number_at(block, 8);
  const std::uint32_t size = u32_at(block + 8), unpacked = u32_at(block + 12);
  const auto room = static_cast<std::uint64_t>(block_table_ - bytes_);
  if (begin > room || size > room - begin || offset > unpacked || length > unpacked - offset) corrupt(id);
  if (ZSTD_getFrameContentSize(bytes_ + begin, size) != unpacked) corrupt(id);  // before memory is asked for
  if (last.block != number) {
    last.block = 0;
    last.text.resize(unpacked);
    if (ZSTD_decompress(last.text.data(), unpacked, bytes_ + begin, size) != unpacked) corrupt(id);
    last.block = number;
  }
  out.append(last.text, offset, length);
}

struct TextsWriter::Compressor {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string packed;
  Compressor() = default;
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() { ZSTD_freeCCtx(context); }
};

TextsWriter::TextsWriter(std::filesystem::path path)
    : file_(std::move(path)), compressor_(std::make_unique<Compressor>()) {}

TextsWriter::~TextsWriter() = default;

Result<void> TextsWriter::end_block() {
  if (file_.written() == 0)
    if (auto begun = file_.write(kTextsMagic); !begun) return begun;
  if (open_block_.empty()) return {};
  std::string& packed = compressor_->packed;
  packed.resize(ZSTD_compressBound(open_block_.size()));
  const std::size_t size = ZSTD_compressCCtx(compressor_->context, packed.data(), packed.size(),
                                             open_block_.data(), open_block_.size(), kLevel);
  if (ZSTD_isError(size))
    return failure(Error::Code::Io, file_.path().string() + ": " + ZSTD_getErrorName(size));
  blocks_.push_back(
      {file_.written(), static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(open_block_.size())});
  open_block_.clear();
  return file_.write(std::string_view(packed).substr(0, size));
}

Result<void> TextsWriter::add(std::string_view text) {
  if (!open_block_.empty() && open_block_.size() + text.size() > kBlockBytes)
    if (auto ended = end_block(); !ended) return ended;
  documents_.push_back({text.empty() ? 0 : static_cast<std::uint32_t>(blocks_.size() + 1),
                        static_cast<std::uint32_t>(open_block_.size()),
                        static_cast<std::uint32_t>(text.size())});
  open_block_.append(text);
  return {};
}

Result<void> TextsWriter::take(const Texts& source, const std::vector<Xapian::docid>& renumbered) {
  if (auto ended = end_block(); !ended) return ended;
  const auto base = static_cast<std::uint32_t>(blocks_.size());
  const auto shift = file_.written() - kTextsMagic.size();
  for (std::uint32_t i = 0; i < source.blocks_; ++i) {
    const char* entry = source.block_table_ + i * kBlockEntry;
    blocks_.push_back({number_at(entry, 8) + shift, u32_at(entry + 8), u32_at(entry + 12)});
  }
  for (Xapian::docid old = 1; old < renumbered.size() && old <= source.documents_; ++old) {
    const Xapian::docid now = renumbered[old];
    if (now == 0) continue;
    if (documents_.size() < now) documents_.resize(now);
    const char* entry = source.document_table_ + (old - 1) * kDocumentEntry;
    const std::uint32_t block = u32_at(entry);
    documents_[now - 1] = {block == 0 ? 0 : block + base, u32_at(entry + 4), u32_at(entry + 8)};
  }
  return file_.write({source.bytes_ + kTextsMagic.size(),
                      static_cast<std::size_t>(source.block_table_ - source.bytes_) - kTextsMagic.size()});
}

Result<void> TextsWriter::finish() {
  if (auto ended = end_block(); !ended) return ended;
  std::string tables;
  tables.reserve(blocks_.size() * kBlockEntry + documents_.size() * kDocumentEntry + kTextsTrailer);
  for (const auto& block : blocks_) {
    append_number(tables, block.offset, 8);
    append_number(tables, block.size, 4);
    append_number(tables, block.unpacked, 4);
  }
  for (const auto& place : documents_) {
    append_number(tables, place.block, 4);
    append_number(tables, place.offset, 4);
    append_number(tables, place.length, 4);
  }
  append_number(tables, blocks_.size(), 4);
  append_number(tables, documents_.size(), 4);
  if (auto done = file_.write(tables); !done) return done;
  return file_.finish();
}

}  // namespace tidings
