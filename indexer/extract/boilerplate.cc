// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/boilerplate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {

enum class Place { Whole, Start, Anywhere };

struct Cue {
  std::string_view phrase;  ///< as lowered() makes it
  int weight;
  Place place;
  bool form = false;  ///< a comment form or the like begins here
};

constexpr Cue kCues[] = {
    // Comment forms
    {"leave a reply", 3, Place::Whole, true},
    {"leave a comment", 3, Place::Whole, true},
    {"leave a reply cancel reply", 4, Place::Whole, true},
    {"post a comment", 3, Place::Whole, true},
    {"leave a reply", 2, Place::Start, true},
    {"add a comment", 3, Place::Whole, true},
    {"join the conversation", 3, Place::Whole, true},
    {"your email address will not be published", 4, Place::Anywhere, true},
    {"required fields are marked", 3, Place::Anywhere, true},
    {"save my name, email", 4, Place::Start, true},
    {"you must be logged in to post a comment", 4, Place::Anywhere},
    {"log in to comment", 3, Place::Anywhere},
    {"comments are closed", 3, Place::Start},
    {"this site uses akismet", 4, Place::Anywhere},
    {"notify me of new posts", 4, Place::Start},
    {"notify me of follow-up comments", 4, Place::Start},
    {"schreibe einen kommentar", 3, Place::Start, true},
    {"kommentar verfassen", 3, Place::Start, true},
    {"kommentar hinterlassen", 3, Place::Start, true},
    {"antworten abbrechen", 3, Place::Anywhere, true},
    {"deine e-mail-adresse wird nicht veröffentlicht", 4, Place::Anywhere, true},
    {"ihre e-mail-adresse wird nicht veröffentlicht", 4, Place::Anywhere, true},
    {"erforderliche felder sind", 3, Place::Anywhere, true},
    {"laisser un commentaire", 3, Place::Start, true},
    {"laissez un commentaire", 3, Place::Start, true},
    {"votre adresse e-mail ne sera pas publiée", 4, Place::Anywhere, true},
    {"votre adresse de messagerie ne sera pas publiée", 4, Place::Anywhere, true},
    {"les champs obligatoires sont indiqués", 4, Place::Anywhere, true},
    {"deja una respuesta", 3, Place::Start, true},
    {"deja un comentario", 3, Place::Start, true},
    {"tu dirección de correo electrónico no será publicada", 4, Place::Anywhere, true},
    {"los campos obligatorios están marcados", 4, Place::Anywhere, true},
    {"lascia un commento", 3, Place::Start, true},
    {"il tuo indirizzo email non sarà pubblicato", 4, Place::Anywhere, true},
    {"i campi obbligatori sono contrassegnati", 4, Place::Anywhere, true},
    // Share, follow, send
    {"share this", 2, Place::Start},
    {"share this article", 3, Place::Start},
    {"share this story", 3, Place::Start},
    {"share this post", 3, Place::Start},
    {"share this page", 3, Place::Start},
    {"share on", 2, Place::Start},
    {"share via", 2, Place::Start},
    {"click to share", 4, Place::Start},
    {"share", 3, Place::Whole},
    {"tweet", 3, Place::Whole},
    {"share this:", 3, Place::Whole},
    {"like this:", 3, Place::Whole},
    {"follow us", 2, Place::Start},
    {"find us on", 2, Place::Start},
    {"like us on", 2, Place::Start},
    {"send your story ideas", 4, Place::Anywhere},
    {"do you have a story", 2, Place::Start},
    {"have you got a story", 2, Place::Start},
    {"got a story", 2, Place::Start},
    {"email this article", 3, Place::Start},
    {"print this article", 3, Place::Start},
    {"print this page", 3, Place::Start},
    {"print", 2, Place::Whole},
    {"copy link", 3, Place::Whole},
    {"teilen", 3, Place::Whole},
    {"artikel teilen", 3, Place::Start},
    {"diesen artikel teilen", 4, Place::Start},
    {"folgen sie uns", 2, Place::Start},
    {"folge uns", 2, Place::Start},
    {"partager", 3, Place::Whole},
    {"partager cet article", 4, Place::Start},
    {"partagez", 2, Place::Start},
    {"partager sur", 3, Place::Start},
    {"suivez-nous", 3, Place::Start},
    {"compartir", 3, Place::Whole},
    {"comparte", 2, Place::Start},
    {"compartir en", 3, Place::Start},
    {"síguenos", 3, Place::Start},
    {"síganos", 3, Place::Start},
    {"condividi", 2, Place::Start},
    {"seguici su", 3, Place::Start},
    // Cookies, privacy, sign-up, subscription
    {"we use cookies", 4, Place::Anywhere},
    {"this website uses cookies", 4, Place::Anywhere},
    {"this site uses cookies", 4, Place::Anywhere},
    {"uses cookies to", 3, Place::Anywhere},
    {"store cookies on your device", 4, Place::Anywhere},
    {"cookies on your device to", 4, Place::Anywhere},
    {"access information on a device", 4, Place::Anywhere},  // the advertising industry's consent form
    {"accept all cookies", 4, Place::Anywhere},
    {"accept cookies", 4, Place::Start},
    {"manage cookies", 4, Place::Start},
    {"cookie settings", 4, Place::Start},
    {"cookie policy", 3, Place::Whole},
    {"privacy policy", 3, Place::Whole},
    {"terms of use", 3, Place::Whole},
    {"terms and conditions", 3, Place::Whole},
    {"terms of service", 3, Place::Whole},
    {"by continuing to use this site", 4, Place::Start},
    {"wir verwenden cookies", 4, Place::Anywhere},
    {"diese website verwendet cookies", 4, Place::Anywhere},
    {"diese webseite verwendet cookies", 4, Place::Anywhere},
    {"verwendet cookies", 3, Place::Anywhere},
    {"cookies auf ihrem gerät", 4, Place::Anywhere},
    {"cookies sur votre appareil", 4, Place::Anywhere},
    {"cookies en su dispositivo", 4, Place::Anywhere},
    {"nous utilisons des cookies", 4, Place::Anywhere},
    {"ce site utilise des cookies", 4, Place::Anywhere},
    {"utilizamos cookies", 4, Place::Anywhere},
    {"este sitio utiliza cookies", 4, Place::Anywhere},
    {"esta web utiliza cookies", 4, Place::Anywhere},
    {"este sitio web utiliza cookies", 4, Place::Anywhere},
    {"utilizziamo i cookie", 4, Place::Anywhere},
    {"questo sito utilizza", 3, Place::Start},
    {"sign up for our newsletter", 4, Place::Anywhere},
    {"sign up to our newsletter", 4, Place::Anywhere},
    {"sign up for the newsletter", 4, Place::Anywhere},
    {"subscribe to our newsletter", 4, Place::Anywhere},
    {"subscribe to the newsletter", 4, Place::Anywhere},
    {"get our newsletter", 4, Place::Start},
    {"sign up for", 2, Place::Start},
    {"sign up to", 2, Place::Start},
    {"subscribe now", 3, Place::Start},
    {"subscribe", 3, Place::Whole},
    {"subscribe to", 2, Place::Start},
    {"newsletter", 3, Place::Whole},
    {"enter your email", 4, Place::Start},
    {"unsubscribe", 2, Place::Start},
    {"support our journalism", 3, Place::Start},
    {"newsletter abonnieren", 4, Place::Anywhere},
    {"abonnieren sie", 3, Place::Start},
    {"jetzt abonnieren", 4, Place::Anywhere},
    {"melden sie sich für unseren newsletter", 4, Place::Start},
    {"abonnez-vous", 3, Place::Start},
    {"inscrivez-vous à", 3, Place::Start},
    {"s'abonner", 3, Place::Whole},
    {"recevez notre", 3, Place::Start},
    {"suscríbete", 3, Place::Start},
    {"suscríbase", 3, Place::Start},
    {"suscribirse", 3, Place::Whole},
    {"iscriviti alla", 3, Place::Start},
    {"iscriviti", 3, Place::Whole},
    // Rights
    {"©", 3, Place::Start},
    {"(c) 19", 3, Place::Start},
    {"(c) 20", 3, Place::Start},
    {"copyright ©", 4, Place::Start},
    {"copyright (c)", 3, Place::Start},
    {"copyright 19", 3, Place::Start},
    {"copyright 20", 3, Place::Start},
    {"all rights reserved", 3, Place::Anywhere},
    {"alle rechte vorbehalten", 3, Place::Anywhere},
    {"tous droits réservés", 3, Place::Anywhere},
    {"todos los derechos reservados", 3, Place::Anywhere},
    {"tutti i diritti riservati", 3, Place::Anywhere},
    {"impressum", 3, Place::Whole},
    {"datenschutz", 3, Place::Whole},
    {"mentions légales", 3, Place::Start},
    {"aviso legal", 3, Place::Start},
    {"not responsible for the content of external", 4, Place::Anywhere},
    // Other stories, tags, paging
    {"read more:", 3, Place::Start},
    {"read more", 3, Place::Whole},
    {"read more about", 3, Place::Start},
    {"read also:", 3, Place::Start},
    {"see also:", 2, Place::Start},
    {"more on this story", 4, Place::Start},
    {"related articles", 3, Place::Start},
    {"related stories", 3, Place::Start},
    {"related topics", 3, Place::Start},
    {"related posts", 3, Place::Start},
    {"related internet links", 4, Place::Start},
    {"related:", 3, Place::Start},
    {"related", 2, Place::Whole},
    {"you may also like", 4, Place::Start},
    {"you might also like", 4, Place::Start},
    {"recommended for you", 4, Place::Start},
    {"most read", 3, Place::Whole},
    {"most popular", 3, Place::Whole},
    {"top stories", 3, Place::Whole},
    {"previous post", 3, Place::Start},
    {"next post", 3, Place::Start},
    {"previous article", 3, Place::Start},
    {"next article", 3, Place::Start},
    {"back to top", 4, Place::Start},
    {"skip to content", 4, Place::Start},
    {"skip to main content", 4, Place::Start},
    {"advertisement", 3, Place::Whole},
    {"tags:", 3, Place::Start},
    {"tagged:", 3, Place::Start},
    {"filed under", 3, Place::Start},
    {"posted in", 2, Place::Start},
    {"story continues below", 4, Place::Start},
    {"article continues after", 4, Place::Start},
    {"mehr zum thema", 4, Place::Start},
    {"lesen sie auch", 3, Place::Start},
    {"lesen sie mehr", 3, Place::Start},
    {"weiterlesen", 3, Place::Whole},
    {"das könnte sie auch interessieren", 4, Place::Start},
    {"schlagwörter:", 3, Place::Start},
    {"schlagworte:", 3, Place::Start},
    {"zum inhalt springen", 4, Place::Start},
    {"anzeige", 3, Place::Whole},
    {"lire aussi", 3, Place::Start},
    {"à lire aussi", 4, Place::Start},
    {"lire la suite", 3, Place::Start},
    {"sur le même sujet", 4, Place::Start},
    {"mots-clés", 3, Place::Start},
    {"étiquettes", 3, Place::Start},
    {"articles similaires", 3, Place::Start},
    {"leer más", 3, Place::Whole},
    {"lea también", 3, Place::Start},
    {"lee también", 3, Place::Start},
    {"leer también", 3, Place::Start},
    {"etiquetas:", 3, Place::Start},
    {"noticias relacionadas", 3, Place::Start},
    {"artículos relacionados", 3, Place::Start},
    {"leggi anche", 3, Place::Start},
    {"articoli correlati", 3, Place::Start},
    {"continua a leggere", 3, Place::Start},
    {"vai al contenuto", 4, Place::Start}};

/// What a form asks for, a line each. They count only inside a form.
constexpr std::string_view kFormFields =
    "|name|email|e-mail|website|comment|post comment|submit|cancel reply|name *|email *|comment *|your "
    "comment|url|website url|"
    "kommentar|kommentar abschicken|webseite|kommentar *|e-mail *|nom|nom *|e-mail|site "
    "web|commentaire|commentaire *|"
    "publier le commentaire|nombre|nombre *|correo electrónico|correo electrónico "
    "*|web|comentario|comentario *|"
    "publicar el comentario|nome|nome *|email|sito web|commento|invia commento|captcha|reply|";

constexpr std::array<std::string_view, 14> kNetworks = {
    "facebook", "twitter", "instagram", "linkedin", "whatsapp",  "telegram", "youtube",
    "mastodon", "tiktok",  "bluesky",   "reddit",   "pinterest", "threads",  "rss"};
constexpr std::array<std::string_view, 18> kImperatives = {
    "follow ",      "share ",     "like ",    "find us", "join us on", "tweet ",
    "connect with", "folgen sie", "folge ",   "teilen",  "suivez",     "partage",
    "sigue",        "síg",        "comparte", "segui",   "condividi",  "stay connected"};

bool word_ends_at(std::string_view s, std::size_t at) {
  return at >= s.size() || !((s[at] >= 'a' && s[at] <= 'z') || static_cast<unsigned char>(s[at]) >= 0x80);
}

/// For cues at the line's begin.
bool matches(std::string_view line, const Cue& cue) {
  if (!line.starts_with(cue.phrase)) return false;
  if (cue.place == Place::Start) return word_ends_at(line, cue.phrase.size()) || cue.phrase.size() <= 2;
  return line.substr(cue.phrase.size()).find_first_not_of(" :.…*»›>→") == line.npos;
}

struct Score {
  int points = 0;
  bool form = false;
};

/// The cues by the first byte of their phrase, those that may stand anywhere apart: of a word few are
/// compared. Looking for each phrase in each line took three quarters of the time of reading a text.
struct Cues {
  std::array<std::vector<const Cue*>, 256> at_start, anywhere;
  std::array<bool, 256> begins{};  ///< a cue that may stand anywhere, or the name of a network
};
const Cues& cues() {
  static const Cues table = [] {
    Cues out;
    for (std::string_view network : kNetworks) out.begins[static_cast<unsigned char>(network.front())] = true;
    for (const Cue& cue : kCues) {
      const auto first = static_cast<unsigned char>(cue.phrase.front());
      (cue.place == Place::Anywhere ? out.anywhere : out.at_start)[first].push_back(&cue);
      if (cue.place == Place::Anywhere) out.begins[first] = true;
    }
    return out;
  }();
  return table;
}

Score phrases(std::string_view line, bool anywhere) {
  Score score;
  if (line.empty()) return score;
  int best = 0, second = 0;
  const auto weigh = [&](const Cue& cue) {
    score.form = score.form || cue.form;
    if (cue.weight > best)
      second = std::exchange(best, cue.weight);
    else
      second = std::max(second, cue.weight);
  };
  for (const Cue* cue : cues().at_start[static_cast<unsigned char>(line.front())])
    if (matches(line, *cue)) weigh(*cue);
  int networks = 0;
  const Cues& known = cues();
  for (std::size_t at = 0; anywhere && at < line.size(); ++at) {
    const auto first = static_cast<unsigned char>(line[at]);
    if (!known.begins[first] || (at > 0 && !word_ends_at(line, at - 1))) continue;
    const std::string_view rest = line.substr(at);
    for (const Cue* cue : known.anywhere[first])
      if (rest.starts_with(cue->phrase)) weigh(*cue);
    for (std::string_view network : kNetworks)
      if (rest.front() == network.front() && rest.starts_with(network)) ++networks;
  }
  score.points = best + (second > 0 ? 1 : 0);  // "share this" and "share this article" are one cue told twice
  if (!anywhere) return score;
  const bool imperative = std::any_of(kImperatives.begin(), kImperatives.end(),
                                      [&](std::string_view i) { return line.starts_with(i); });
  // Networks alone, and hardly anything beside them: a row of buttons.
  const bool buttons = networks >= 2 && word_count(line) <= static_cast<std::size_t>(networks) + 2;
  if (imperative || buttons) score.points += std::min(networks, 3) + (networks > 0 ? 1 : 0);
  return score;
}

int shape(std::size_t words) {
  return words <= 12 ? 1 : words > 60 ? -3 : words > 30 ? -1 : 0;
}

constexpr std::size_t kLineBytes = 800;      ///< a longer line is a paragraph
constexpr std::size_t kInnerLineBytes = 60;  ///< the same in the middle of a text
constexpr std::size_t kOuterLines = 40;  ///< lines at both ends of a text that are looked at for every cue

}  // namespace

bool boilerplate_like(std::string_view line) {
  if (line.size() > kLineBytes) return false;
  return phrases(lowered(line), true).points + shape(word_count(line)) >= kEnough;
}

std::vector<Range> boilerplate_lines(std::string_view text, std::size_t begin) {
  std::size_t total = 0, at = begin;
  std::string_view raw;
  while (next_line(text, at, raw)) total += trim(raw).empty() ? 0 : 1;
  std::vector<Range> found;
  if (total < 2) return found;

  std::size_t line_number = 0;
  bool after = false, form = false;
  bool inside = false;  // the line before goes on in this one, if it begins with a small letter
  at = begin;
  while (next_line(text, at, raw)) {
    const std::string_view line = trim(raw);
    if (line.empty()) {
      inside = false;
      continue;
    }
    const bool goes_on = std::exchange(inside, !ends_like_sentence(line)) && !after;
    const bool tail = total - line_number++ <= std::min(kTailLines, total / 2);
    bool hit = false;
    // In the middle of a text only a short line is looked at, and for what it begins with.
    const bool outer = line_number <= kOuterLines || total - line_number < kOuterLines;
    if (line.size() <= (outer ? kLineBytes : kInnerLineBytes)) {
      const std::string low = lowered(line);
      Score score = phrases(low, outer || form);
      const std::size_t words = word_count(low);
      if (form && words <= 8 && kFormFields.find("|" + low + "|") != kFormFields.npos) score.points += 4;
      if (goes_on && begins_lower(line)) score = {};
      if (score.points > 0) {
        if (tail) ++score.points;
        score.points += shape(words);
        if (after && tail) ++score.points;
        if (form) score.points += 2;
      }
      hit = score.points >= kEnough;
      form = hit && (form || score.form);
    }
    if (hit) found.push_back(range_of(text, line));
    after = hit;
  }
  return found;
}

std::vector<Range> merged(std::string_view text, std::vector<Range> ranges) {
  for (Range& r : ranges) {
    if (r.empty() || r.end > text.size())
      r = {};
    else
      r = range_of(text, trim(slice(text, r)));
  }
  std::erase_if(ranges, [](const Range& r) { return r.empty(); });
  std::sort(ranges.begin(), ranges.end());
  std::vector<Range> out;
  for (const Range& r : ranges) {
    if (!out.empty() && r.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, r.end);
    } else {
      out.push_back(r);
    }
  }
  return out;
}

}  // namespace tidings::indexer
