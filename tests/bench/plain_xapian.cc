// SPDX-License-Identifier: GPL-2.0-or-later
// plain_xapian.cc — the floor that the index benchmark compares with: what Xapian does by itself.
//
//   plain_xapian DATABASE FOLDER...
//
// Each regular file below the folders is one document: its bytes as they are, through Xapian's TermGenerator with English
// stemming (STEM_SOME: stemmed terms beside surface terms) and positions, and stored whole as document data; no key, no
// values, no title, no fields. One thread, add_document() on one new database, Xapian's own flush threshold (10,000
// documents, or $XAPIAN_FLUSH_THRESHOLD), one commit at the end. Nothing of ours is linked.
// Prints the number of documents. Exit 0; 1 with the reason on stderr, also for the first file that cannot be read.
#include <xapian.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::filesystem::file_size(path), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())))
    throw std::runtime_error(path.string() + ": cannot be read");
  return text;
}

Xapian::doccount index_folders(const std::string& database, char** first, char** last) {
  Xapian::WritableDatabase db(database, Xapian::DB_CREATE);
  Xapian::TermGenerator generator;
  generator.set_stemmer(Xapian::Stem("en"));
  generator.set_stemming_strategy(Xapian::TermGenerator::STEM_SOME);
  for (; first != last; ++first) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*first)) {
      if (!entry.is_regular_file()) continue;
      const std::string text = contents(entry.path());
      Xapian::Document document;
      document.set_data(text);
      generator.set_document(document);
      generator.set_termpos(0);
      generator.index_text(text);
      db.add_document(document);
    }
  }
  db.commit();
  return db.get_doccount();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: plain_xapian DATABASE FOLDER...\n";
    return 1;
  }
  try {
    std::cout << index_folders(argv[1], argv + 2, argv + argc) << '\n';
    return 0;
  } catch (const Xapian::Error& error) {
    std::cerr << "plain_xapian: " << error.get_description() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "plain_xapian: " << error.what() << '\n';
  }
  return 1;
}
