// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/texts.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "index/segments/little_endian.h"
#include "index/segments/manifest.h"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

namespace tidings {
namespace {

constexpr std::string_view kMagic = "tidt\1";
constexpr std::size_t kTrailer = 16, kBlockEntry = 16, kDocumentEntry = 12;

std::uint32_t u32_at(const char* bytes) {
  return static_cast<std::uint32_t>(number_at(bytes, 4));
}

tl::unexpected<Error> failed(const std::filesystem::path& path, int error) {
  return failure(error == ENOENT ? Error::Code::NotFound : Error::Code::Io,
                 path.string() + ": " + std::strerror(error));
}

[[noreturn]] void corrupt(Xapian::docid id) {
  throw Xapian::DatabaseCorruptError("the text of document " + std::to_string(id) + " cannot be unpacked");
}

}  // namespace

Result<std::shared_ptr<const Texts>> Texts::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(path, errno);
  struct stat seen {};
  const int told = ::fstat(fd, &seen);
  const auto size = static_cast<std::size_t>(seen.st_size);
  void* mapped = told != 0 || size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int error = errno;
  ::close(fd);
  if (mapped == MAP_FAILED && (told != 0 || size != 0)) return failed(path, error);
  const auto damaged = failure(Error::Code::IndexCorrupt, path.string() + ": not a file of texts of ours",
                               "`tidings verify --repair` makes it anew from the corpus folders");
  if (mapped == MAP_FAILED) return damaged;
  const char* bytes = static_cast<const char*>(mapped);
  std::shared_ptr<Texts> texts(new Texts(bytes, size));
  if (size < kMagic.size() + kTrailer || std::string_view(bytes, kMagic.size()) != kMagic) return damaged;
  texts->blocks_ = u32_at(bytes + size - 16);
  texts->documents_ = u32_at(bytes + size - 12);
  const std::size_t tables = texts->blocks_ * kBlockEntry + texts->documents_ * kDocumentEntry;
  if (kMagic.size() + tables + kTrailer > size) return damaged;
  texts->block_table_ = bytes + size - kTrailer - tables;
  texts->document_table_ = texts->block_table_ + texts->blocks_ * kBlockEntry;
  return texts;
}

Texts::~Texts() {
  ::munmap(const_cast<char*>(bytes_), size_);
}

bool Texts::sound() const {
  return number_at(bytes_ + size_ - 8, 8) == XXH3_64bits(bytes_, size_ - 8);
}

void Texts::append(Xapian::docid id, std::string& out) const {
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
  std::string text(unpacked, '\0');
  if (ZSTD_decompress(text.data(), text.size(), bytes_ + begin, size) != unpacked) corrupt(id);
  out.append(text, offset, length);
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
    : path_(std::move(path)),
      compressor_(std::make_unique<Compressor>()),
      fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
      error_(fd_ < 0 ? errno : 0) {}

TextsWriter::~TextsWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!finished_) ::unlink(path_.c_str());
}

Result<void> TextsWriter::write(std::string_view bytes) {
  if (fd_ < 0) return failed(path_, error_);
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path_, errno);
    written_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> TextsWriter::end_block() {
  if (written_ == 0)
    if (auto begun = write(kMagic); !begun) return begun;
  if (open_block_.empty()) return {};
  std::string& packed = compressor_->packed;
  packed.resize(ZSTD_compressBound(open_block_.size()));
  const std::size_t size = ZSTD_compressCCtx(compressor_->context, packed.data(), packed.size(),
                                             open_block_.data(), open_block_.size(), kLevel);
  if (ZSTD_isError(size)) return failure(Error::Code::Io, path_.string() + ": " + ZSTD_getErrorName(size));
  blocks_.push_back(
      {written_, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(open_block_.size())});
  open_block_.clear();
  return write(std::string_view(packed).substr(0, size));
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
  const auto shift = written_ - kMagic.size();
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
  return write({source.bytes_ + kMagic.size(),
                static_cast<std::size_t>(source.block_table_ - source.bytes_) - kMagic.size()});
}

Result<void> TextsWriter::finish() {
  if (auto ended = end_block(); !ended) return ended;
  std::string tables;
  tables.reserve(blocks_.size() * kBlockEntry + documents_.size() * kDocumentEntry + kTrailer);
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
  if (auto done = write(tables); !done) return done;
  // The checksum is of what the file really holds by now.
  void* mapped = ::mmap(nullptr, written_, PROT_READ, MAP_PRIVATE, fd_, 0);
  if (mapped == MAP_FAILED) return failed(path_, errno);
  std::string sum;
  append_number(sum, XXH3_64bits(mapped, written_), 8);
  ::munmap(mapped, written_);
  if (auto done = write(sum); !done) return done;
  if (::fsync(fd_) != 0) return failed(path_, errno);
  finished_ = true;
  return {};
}

}  // namespace tidings
