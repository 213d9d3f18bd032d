// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <unordered_map>

#include "index/characters.h"
#include "index/record.h"
#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDateBytes = 160;  ///< no date is looked for past these bytes of a line

const std::unordered_map<std::string_view, int>& months() {
  static const std::unordered_map<std::string_view, int> table = [] {
    constexpr std::array<std::string_view, 12> kNames = {
        "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari",
        "february feb februar februari février févr fév febrero febbraio fevereiro",
        "march mar märz mär mrz mars marzo março maart mrt",
        "april apr avril avr abril abr aprile",
        "may mai mayo maggio mag maio mei",
        "june jun juni juin junio giugno giu junho",
        "july jul juli juillet juil julio luglio lug julho",
        "august aug août aout agosto ago augustus",
        "september sep sept septembre septiembre settembre set setembro",
        "october oct oktober okt octobre octubre ottobre ott outubro",
        "november nov novembre noviembre novembro",
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro"};
    std::unordered_map<std::string_view, int> out;
    for (int m = 0; m < 12; ++m) {
      std::string_view rest = kNames[static_cast<std::size_t>(m)];
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        out.emplace(rest.substr(0, end), m + 1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    return out;
  }();
  return table;
}

constexpr std::string_view kWeekdays =
    " mon tue wed thu fri sat sun tues thur thurs monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag "
    "mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi mercredi jeudi "
    "vendredi samedi "
    "dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì "
    "sabato domenica "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ";

/// Reads a line from the left; every take_ either takes and says so, or leaves the position.
class Scanner {
 public:
  explicit Scanner(std::string_view s) : s_(s.substr(0, kDateBytes)) {}
  std::size_t at() const { return at_; }
  void to(std::size_t at) { at_ = at; }
  std::string_view rest() const { return s_.substr(at_); }
  bool done() const { return at_ >= s_.size(); }

  void skip_space() {
    const std::string_view left = rest();
    at_ = s_.size() - [&] {
      std::string_view r = left;
      while (!r.empty() && (r.front() == ' ' || r.front() == '\t' || r.starts_with("\xC2\xA0")))
        r.remove_prefix(r.front() == '\xC2' ? 2 : 1);
      return r.size();
    }();
  }
  bool take(std::string_view exact) {
    if (!rest().starts_with(exact)) return false;
    at_ += exact.size();
    return true;
  }
  /// A number of at most `digits` digits; digits() tells how many it had.
  std::optional<int> number(std::size_t digits) {
    std::size_t n = 0;
    int value = 0;
    while (at_ + n < s_.size() && s_[at_ + n] >= '0' && s_[at_ + n] <= '9') {
      if (n == digits) return std::nullopt;
      value = value * 10 + (s_[at_ + n] - '0');
      ++n;
    }
    if (n == 0) return std::nullopt;
    at_ += n;
    digits_ = n;
    return value;
  }
  std::size_t digits() const { return digits_; }
  /// The next run of letters, lower case; "" if there is none.
  std::string word() {
    std::size_t n = 0;
    while (at_ + n < s_.size()) {
      const auto c = static_cast<unsigned char>(s_[at_ + n]);
      if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
          (c < 0x80 || s_.substr(at_ + n).starts_with("\xC2\xA0") ||
           s_.substr(at_ + n).starts_with("\xE2\x80")))
        break;
      ++n;
    }
    std::string out = lowered(s_.substr(at_, n));
    at_ += n;
    return out;
  }
  /// A word out of " a b c ", with a full stop or comma after it.
  bool take_word(std::string_view list) {
    const std::size_t old = at_;
    if (listed(list, word())) return true;
    at_ = old;
    return false;
  }
  int month() {
    const std::size_t old = at_;
    const auto found = months().find(word());
    if (found == months().end()) {
      at_ = old;
      return 0;
    }
    take(".");
    return found->second;
  }

 private:
  std::string_view s_;
  std::size_t at_ = 0, digits_ = 0;
};

std::string iso_day(int y, int m, int d) {
  const std::chrono::year_month_day day{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                                        std::chrono::day(static_cast<unsigned>(d))};
  if (y < 1900 || y > 2099 || !day.ok()) return {};
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02d-%02d", y, m, d);
  return out;
}

int full_year(int value, std::size_t digits) {
  if (digits == 4) return value;
  return digits == 2 ? value + (value < 70 ? 2000 : 1900) : 0;
}

/// "2024-05-03", "3.5.2024", "3/5/2024" or "2024-05".
std::optional<FoundDate> numeric(Scanner& in) {
  const std::size_t start = in.at();
  const auto fail = [&]() -> std::optional<FoundDate> { return in.to(start), std::nullopt; };
  const auto a = in.number(4);
  if (!a) return fail();
  const std::size_t a_digits = in.digits();
  if (a_digits == 4 && in.take("年")) {  // 2024年4月12日
    const auto month = in.number(2);
    if (!month || !in.take("月")) return fail();
    const auto day = in.number(2);
    if (!day || !in.take("日")) return fail();
    const std::string iso = iso_day(*a, *month, *day);
    return iso.empty() ? fail() : std::optional(FoundDate{iso, in.at()});
  }
  char mark = 0;
  for (const char m : {'-', '/', '.'})
    if (mark == 0 && in.take({&m, 1})) mark = m;
  if (mark == 0) return fail();
  if (mark == '.') in.skip_space();
  const auto b = in.number(2);
  if (!b) return fail();
  const std::size_t after_b = in.at();
  std::optional<int> c;
  if (in.take({&mark, 1})) {
    if (mark == '.') in.skip_space();
    c = in.number(a_digits == 4 ? 2 : 4);
    if (!c || (a_digits != 4 && in.digits() != 4)) return fail();
  }
  std::string iso;
  if (a_digits == 4 && c) {
    iso = iso_day(*a, *b, *c);
  } else if (a_digits == 4 && mark == '-') {
    in.to(after_b);
    if (iso = iso_day(*a, *b, 1); !iso.empty()) iso.resize(7);
  } else if (c && (mark != '/' || *a > 12 || *a == *b)) {
    iso = iso_day(*c, *b, *a);
  } else if (c && *b > 12) {
    iso = iso_day(*c, *a, *b);
  } else if (c && !iso_day(*c, *b, *a).empty()) {
    iso = std::to_string(*c);  // day/month or month/day: only the year is sure
  }
  if (iso.empty() || (!in.done() && in.rest().front() >= '0' && in.rest().front() <= '9')) return fail();
  return FoundDate{iso, in.at()};
}

/// "3 May 2024", "May 3, 2024", "3. Mai 2024", "3 de mayo de 2024", "May 2024".
std::optional<FoundDate> verbal(Scanner& in, bool short_years) {
  const std::size_t start = in.at();
  const auto fail = [&]() -> std::optional<FoundDate> { return in.to(start), std::nullopt; };
  std::optional<int> day = in.number(2);
  if (day) {
    if (!in.take(".") && !in.take("º") && !in.take("°")) in.take_word(" st nd rd th er ème o ");
    if (!in.take("-")) in.skip_space();
    if (in.take_word(" of de di d ")) in.skip_space();
  }
  const int month = in.month();
  if (month == 0) return fail();
  std::size_t after = in.at();
  if (!in.take("-")) in.skip_space();
  if (!day) {
    const std::size_t before_day = in.at();
    day = in.number(2);
    if (day) {
      in.take_word(" st nd rd th ");
      after = in.at();
      in.skip_space();
    } else {
      in.to(before_day);
    }
  }
  in.take(",");
  in.skip_space();
  if (in.take_word(" de del of ")) in.skip_space();
  const std::size_t before_year = in.at();
  const auto year = in.number(4);
  const int y = year && (in.digits() == 4 || short_years) ? full_year(*year, in.digits()) : 0;
  const std::string iso = y == 0 ? std::string() : iso_day(y, month, day.value_or(1));
  if (iso.empty() || (!in.done() && in.rest().starts_with(":"))) {  // "May 3 20:15" holds no year
    if (y != 0 && before_year == in.at()) return fail();
    if (!day || iso_day(2000, month, *day).empty()) return fail();
    in.to(after);
    return FoundDate{"", after};
  }
  return FoundDate{day ? iso : iso.substr(0, 7), in.at()};
}

std::optional<FoundDate> any_date(Scanner& in, bool short_years) {
  in.skip_space();
  const std::size_t start = in.at();
  if (in.take_word(kWeekdays)) {
    in.take(".");
    in.take(",");
    in.skip_space();
    in.take_word(" den the le el il ");
    in.skip_space();
  }
  if (auto found = numeric(in)) return found;
  if (auto found = verbal(in, short_years)) return found;
  in.to(start);
  return std::nullopt;
}

/// Minutes east of UTC that "Z", "+02:00", "GMT", "EST" stand for; nothing if it is no zone.
std::optional<int> zone(Scanner& in) {
  in.skip_space();
  const std::size_t start = in.at();
  const int sign = in.take("+") ? 1 : in.take("-") || in.take("−") ? -1 : 0;
  if (sign != 0) {
    auto hours = in.number(4);
    if (!hours) return std::nullopt;
    int minutes = 0;
    if (in.digits() == 4) {
      minutes = *hours % 100;
      hours = *hours / 100;
    } else if (in.take(":")) {
      minutes = in.number(2).value_or(0);
    }
    if (*hours > 15 || minutes > 59) return std::nullopt;
    return sign * (*hours * 60 + minutes);
  }
  static constexpr std::array<std::pair<std::string_view, int>, 14> kZones = {{{"z", 0},
                                                                               {"ut", 0},
                                                                               {"utc", 0},
                                                                               {"gmt", 0},
                                                                               {"bst", 60},
                                                                               {"cet", 60},
                                                                               {"cest", 120},
                                                                               {"est", -300},
                                                                               {"edt", -240},
                                                                               {"cst", -360},
                                                                               {"cdt", -300},
                                                                               {"mst", -420},
                                                                               {"pst", -480},
                                                                               {"pdt", -420}}};
  const std::string word = in.word();
  for (const auto& [abbreviation, minutes] : kZones)
    if (word == abbreviation) return minutes;
  in.to(start);
  return std::nullopt;
}

/// Adds the time that follows a day, where its zone is said.
void add_time(Scanner& in, FoundDate& date) {
  if (date.iso.size() != 10) return;
  const std::size_t start = in.at();
  if (!in.take("T") && !in.take("t")) {
    in.take(",");
    in.skip_space();
  }
  const auto h = in.number(2);
  if (!h || !in.take(":")) return in.to(start);
  const auto m = in.number(2);
  if (!m) return in.to(start);
  int s = 0;
  if (in.take(":")) {
    s = in.number(2).value_or(99);
    if (in.take(".") || in.take(",")) in.number(9);
  }
  if (*h > 23 || *m > 59 || s > 60) return in.to(start);
  date.end = in.at();
  const auto east = zone(in);
  if (!east) return;
  date.end = in.at();
  int y = 0;
  unsigned mo = 0, d = 0;
  std::sscanf(date.iso.c_str(), "%d-%u-%u", &y, &mo, &d);
  using namespace std::chrono;
  const sys_days day = year(y) / month(mo) / std::chrono::day(d);
  const auto instant = sys_seconds(day) + hours(*h) + minutes(*m - *east) + seconds(std::min(s, 59));
  date.iso = iso_of(instant.time_since_epoch().count());
}

constexpr std::string_view kLabels =
    " date dated published posted updated publication created issued datum veröffentlicht erstellt stand "
    "aktualisiert vom am "
    "publié mis jour le à du fecha publicado actualizado el data pubblicato aggiornato il on at last "
    "modified first of ";

}  // namespace

std::optional<FoundDate> date_at_start(std::string_view s) {
  Scanner in(s);
  auto found = any_date(in, false);
  if (!found || found->iso.empty()) return std::nullopt;
  add_time(in, *found);
  return found;
}

std::string date_of_value(std::string_view value) {
  const std::string flat = one_line(value.substr(0, kDateBytes));
  Scanner in(flat);
  if (flat.size() >= 8 && flat.find_first_not_of("0123456789") == 8) {  // 20240503T100000Z
    Scanner digits(flat);
    const int all = digits.number(8).value_or(0);
    return iso_day(all / 10000, all / 100 % 100, all % 100);
  }
  if (flat.size() == 8 || flat.size() == 4) {
    if (const auto all = in.number(8); all && in.done()) {
      if (flat.size() == 4) return *all >= 1900 && *all <= 2099 ? flat : std::string();
      return iso_day(*all / 10000, *all / 100 % 100, *all % 100);
    }
    in.to(0);
  }
  while (in.take_word(kLabels) || in.take(":")) in.skip_space();
  auto found = any_date(in, true);
  if (!found) return {};
  add_time(in, *found);
  return found->iso;
}

std::optional<FoundDate> leading_date(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n', text.find_first_not_of(" \t\n")));
  Scanner in(line);
  while (!in.done() && (in.rest().front() == '\n' || in.rest().front() == ' ')) in.to(in.at() + 1);
  const bool labelled = in.take_word(" date dated published posted datum fecha data updated ");
  if (labelled) {
    in.skip_space();
    in.take(":");
    in.skip_space();
  }
  // A story may begin with a date in words ("May 3, 2024 was a …"): it needs a label, one in digits does not.
  auto found = labelled ? any_date(in, false) : numeric(in);
  if (!found || found->iso.size() < 10) return std::nullopt;
  add_time(in, *found);
  const std::string_view rest = trim(line.substr(std::min(found->end, line.size())));
  if (rest.empty()) return std::nullopt;
  found->end = static_cast<std::size_t>(rest.data() - text.data());
  while (found->end < text.size() &&
         (text[found->end] == '-' || text[found->end] == ':' || text[found->end] == ' '))
    ++found->end;
  if (text.substr(found->end).starts_with("–") || text.substr(found->end).starts_with("—")) found->end += 3;
  while (found->end < text.size() && text[found->end] == ' ') ++found->end;
  return found;
}

std::optional<FoundDate> dateline(std::string_view line) {
  const std::string_view head = line.substr(0, 100);
  if (head.empty() || !has_digit(line) || begins_lower(head)) return std::nullopt;
  std::size_t comma = head.find(',');
  for (int tries = 0; tries < 3 && comma != head.npos; ++tries, comma = head.find(',', comma + 1)) {
    const std::string_view place = head.substr(0, comma);
    if (word_count(place) > 6 || place.size() > 60 || place.find(". ") != place.npos) return std::nullopt;
    if (listed(kWeekdays, lowered(place))) return std::nullopt;
    Scanner in(line);
    in.to(comma + 1);
    in.skip_space();
    if (in.take_word(" den le el il a ")) in.skip_space();
    auto found = any_date(in, false);
    if (!found) continue;
    in.skip_space();
    if (in.take("(")) {  // the agency
      const std::size_t close = in.rest().find(')');
      if (close == std::string_view::npos) continue;
      in.to(in.at() + close + 1);
      in.skip_space();
    }
    bool dashed = false;
    for (std::string_view mark : {"."sv, ":"sv, "-"sv, "–"sv, "—"sv, "--"sv})
      if (in.take(mark)) dashed = true, in.skip_space();
    if (!dashed && (!in.done() || found->iso.size() < 10)) continue;
    found->end = in.at();
    return found;
  }
  return std::nullopt;
}

std::string date_of_line(std::string_view line) {
  if (line.size() > kDateBytes || !has_digit(line) || word_count(line) > 14) return {};
  Scanner in(line);
  while (in.take_word(kLabels) || in.take(":") || in.take("(")) in.skip_space();
  if (auto found = any_date(in, false); found && !found->iso.empty()) {
    add_time(in, *found);
    const std::string_view rest = trim(line.substr(std::min(found->end, line.size())));
    if (found->iso.size() < 10 && !rest.empty()) return {};
    if (rest.find_first_of("0123456789") != rest.npos && rest.find(':') == rest.npos) return {};  // a table
    if (word_count(rest) <= 6 && !(rest.size() > 1 && ends_like_sentence(rest))) return found->iso;
    return {};
  }
  if (ends_like_sentence(line)) return {};
  // After a separator: a by-line, a place, a section.
  for (std::string_view mark : {"|"sv, "•"sv, "·"sv, "–"sv, "—"sv, " - "sv, ", "sv, "("sv, ": "sv})
    for (std::size_t at = line.find(mark); at != line.npos; at = line.find(mark, at + mark.size())) {
      Scanner after(line);
      after.to(at + mark.size());
      after.skip_space();
      while (after.take_word(kLabels) || after.take(":")) after.skip_space();
      auto found = any_date(after, false);
      if (!found || found->iso.size() < 10) continue;
      add_time(after, *found);
      if (word_count(line.substr(std::min(found->end, line.size()))) <= 4) return found->iso;
    }
  return {};
}

std::string date_of_name(std::string_view file_name) {
  for (std::size_t at = 0; at + 8 <= file_name.size(); ++at) {
    const auto digit = [&](std::size_t i) {
      return i < file_name.size() && file_name[i] >= '0' && file_name[i] <= '9';
    };
    if (!digit(at) || (at > 0 && digit(at - 1))) continue;
    const std::string_view rest = file_name.substr(at);
    int y = 0, m = 0, d = 0;
    std::size_t run = 0;
    while (digit(at + run)) ++run;
    if (run == 8) {
      Scanner in(rest);
      const int all = in.number(8).value_or(0);
      y = all / 10000, m = all / 100 % 100, d = all % 100;
    } else if (run == 4 &&
               (file_name[at + 4] == '-' || file_name[at + 4] == '_' || file_name[at + 4] == '.')) {
      Scanner in(rest);
      y = in.number(4).value_or(0);
      const std::string mark(1, file_name[at + 4]);
      if (!in.take(mark)) continue;
      m = in.number(2).value_or(0);
      if (in.digits() != 2 || !in.take(mark)) continue;
      d = in.number(2).value_or(0);
      if (in.digits() != 2) continue;
    }
    if (std::string iso = m == 0 || d == 0 ? std::string() : iso_day(y, m, d); !iso.empty()) return iso;
  }
  return {};
}

}  // namespace tidings::indexer
