// SPDX-License-Identifier: GPL-2.0-or-later
// What was counted, for a terminal.
#include <algorithm>
#include <cmath>

#include "searcher/present/text.h"

namespace tidings::searcher {
namespace {

constexpr std::size_t kLabel = 10;     // columns for the name of a facet
constexpr std::size_t kListed = 8;     // values of a facet in a terminal: the rest is counted with the others
constexpr std::size_t kMostRows = 60;  // of a timeline; of more the newest

std::string padded(std::string text, std::size_t columns) {
  const std::size_t wide = columns_of(text);
  if (wide < columns) text.append(columns - wide, ' ');
  return text;
}

/// Items with " · " between them, each whole where it fits into a line.
std::string items_text(const std::string& label, const std::vector<std::string>& items,
                       const TextStyle& style) {
  std::string out = padded(label, kLabel);
  std::size_t column = kLabel;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t wide = columns_of(items[i]) + (i + 1 < items.size() ? 2 : 0);
    if (i > 0 && column + 1 + wide > style.columns) {
      out += "\n" + std::string(kLabel, ' ');
      column = kLabel;
    } else if (i > 0) {
      out += ' ';
      ++column;
    }
    out += items[i] + (i + 1 < items.size() ? " ·" : "");
    column += wide;
  }
  return out + "\n";
}

std::string facet_text(const FacetCounts& facet, const TextStyle& style) {
  std::vector<std::string> items;
  std::uint64_t others = facet.others, other_values = facet.other_values;
  for (std::size_t i = 0; i < facet.values.size(); ++i) {
    const auto& [value, count] = facet.values[i];
    if (i < kListed) {
      items.push_back(printable_line(value) + " " + std::to_string(count));
      continue;
    }
    others += count;
    ++other_values;
  }
  if (other_values > 0)
    items.push_back(std::to_string(other_values) + (other_values == 1 ? " other " : " others ") +
                    std::to_string(others));
  if (facet.without > 0) items.push_back("not known " + std::to_string(facet.without));
  if (items.empty()) items.emplace_back("none");
  return items_text(std::string(name(facet.facet)), items, style);
}

/// A bar of eighths of a column.
std::string bar(double columns) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(std::lround(columns * 8));
  std::string out;
  for (std::size_t i = 0; i < eighths / 8; ++i) out += "█";
  return out + kEighths[eighths % 8];
}

std::string timeline_text(const Timeline& timeline, const TextStyle& style) {
  const auto& buckets = timeline.buckets;
  const std::size_t first = buckets.size() > kMostRows ? buckets.size() - kMostRows : 0;
  std::uint64_t earlier = timeline.earlier, most = 1;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (i < first)
      earlier += buckets[i].count;
    else
      most = std::max(most, buckets[i].count);
  }
  const std::size_t digits = std::to_string(most).size();
  std::string out;
  if (earlier > 0) out += "earlier     " + std::to_string(earlier) + "\n";
  for (std::size_t i = first; i < buckets.size(); ++i) {
    const std::string count = std::to_string(buckets[i].count);
    std::string line = padded(buckets[i].start, 11) + std::string(digits + 1 - count.size(), ' ') + count;
    const std::size_t room = style.columns > line.size() + 2 ? style.columns - line.size() - 2 : 1;
    if (buckets[i].count > 0)
      line += "  " + bar(std::max(0.125, static_cast<double>(room) * static_cast<double>(buckets[i].count) /
                                             static_cast<double>(most)));
    out += line + "\n";
  }
  if (timeline.gaps && !buckets.empty())
    out += "empty " + std::string(name(timeline.by)) + "s are left out\n";
  return out;
}

}  // namespace

std::string counts_text(const Answer& answer, const TextStyle& style) {
  std::string out;
  for (const auto& facet : answer.facets) out += facet_text(facet, style);
  if (answer.timeline) out += (out.empty() ? "" : "\n") + timeline_text(*answer.timeline, style);
  if (!answer.counted_all) out += "counted: only the first matches, for there are too many\n";
  return out.empty() ? out : out + "\n";
}

}  // namespace tidings::searcher
