// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/builder.h"

#include "index/ranges.h"

namespace tidings {

Xapian::Document DocumentBuilder::build(const Record& record, WordsInOrder* words) {
  Xapian::Document doc;
  words_.clear();
  row_.clear();
  add_text(doc, record.report, words ? words->text : row_);
  add_title(doc, record.report, words ? &words->title : nullptr);
  words_.each([&](std::string_view term, std::uint32_t count) { doc.add_term(term_.assign(term), count); });
  add_filters(doc, record);

  doc.add_value(slot::kPath, record.key.text());
  doc.add_value(slot::kSize, Xapian::sortable_serialise(static_cast<double>(record.file.size)));
  doc.add_value(slot::kStamp,
                encode_u64(static_cast<std::uint64_t>(record.file.ctime_ns)) + encode_u64(record.file.inode));
  doc.add_value(slot::kStatus, std::string(1, static_cast<char>(record.report.status)));
  doc.add_value(slot::kHash, record.hash);
  doc.set_data(encode_data(record));
  return doc;
}

void DocumentBuilder::add_text(Xapian::Document& doc, const Report& report,
                               std::vector<std::uint32_t>& words) {
  InRanges discounted(report.boilerplate);
  OrderOf order(&words);
  analyzer_.analyze(report.text, [&](const Token& token) {
    const bool boilerplate = discounted.contains(token.begin);
    words_.add(token.term, boilerplate ? 0 : 1);
    order.add(token, boilerplate);
  });
  if (const std::string sketch = sketch_value(words); !sketch.empty()) doc.add_value(slot::kSketch, sketch);
}

void DocumentBuilder::add_title(Xapian::Document& doc, const Report& report,
                                std::vector<std::uint32_t>* words) {
  // A word of the headline counts once more than it stands in the text; that of a mere file name does not.
  const Xapian::termcount more = report.title_from == Origin::FileName ? 0 : 1;
  const Xapian::termcount stands = report.headline.empty() ? 1 : 0;
  OrderOf order(words);
  analyzer_.analyze(report.title, [&](const Token& token) {
    doc.add_term(term_.assign(prefix::kTitle).append(token.term), 0);
    words_.add(token.term, stands + more);
    order.add(token);
  });
}

void DocumentBuilder::add_filters(Xapian::Document& doc, const Record& record) {
  const Report& report = record.report;
  analyzer_.analyze(record.key.path, [&](const Token& token) {
    doc.add_term(term_.assign(prefix::kPathWord).append(token.term), 0);
  });
  doc.add_boolean_term(record.key.term());
  const std::string place = record.key.text();
  const std::size_t below = record.key.corpus.size() + 1;
  doc.add_boolean_term(boolean_term(prefix::kFolder, place.substr(0, below)));
  for (std::size_t slash = place.find('/', below); slash != std::string::npos;
       slash = place.find('/', slash + 1))
    doc.add_boolean_term(boolean_term(prefix::kFolder, place.substr(0, slash)));
  doc.add_boolean_term(boolean_term(prefix::kType, report.type));
  if (report.status != Status::Indexed)
    doc.add_boolean_term(boolean_term(prefix::kStatus, name(report.status)));
  if (!report.source.empty()) doc.add_boolean_term(boolean_term(prefix::kSource, fold(report.source)));
  if (!report.language.empty()) doc.add_boolean_term(boolean_term(prefix::kLanguage, report.language));

  const std::string& iso = report.date.iso;
  auto seconds = seconds_of(iso);
  const std::int64_t when = seconds ? *seconds : record.file.mtime_ns / 1'000'000'000;
  doc.add_value(slot::kDate, Xapian::sortable_serialise(static_cast<double>(when)));
}

}  // namespace tidings
