// SPDX-License-Identifier: GPL-2.0-or-later
// The words of a language that say how others belong together: articles, pronouns, prepositions,
// conjunctions, auxiliary verbs. Written folded (fur, uber, etait), for they are compared with terms. Nothing
// is left out of the index by them: a phrase may consist of them.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "index/analyzer.h"

namespace tidings {
namespace {

constexpr std::pair<std::string_view, std::string_view> kStopWords[] = {
    {"en",
     " a about above after again against all also am an and any are aren't as at be because been before "
     "being below "
     "between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during "
     "each few "
     "for from further had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers "
     "herself him "
     "himself his how how's i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just let's "
     "me more "
     "most my myself no nor not of off on once only or other our ours ourselves out over own same shan't she "
     "she'd "
     "she'll she's should shouldn't so some such than that that's the their theirs them themselves then "
     "there there's "
     "these they they'd they'll they're they've this those through to too under until up upon very was "
     "wasn't we we'd "
     "we'll we're we've were weren't what what's when when's where where's which while who who's whom why "
     "why's will "
     "with won't would wouldn't you you'd you'll you're you've your yours yourself yourselves "},
    {"de",
     " aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch "
     "auf aus bei bin "
     "bis bist da damit dann das dass dein deine dem den der des dessen dich die dies diese diesem diesen "
     "dieser "
     "dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer eure fur gegen "
     "gewesen hab "
     "habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem "
     "ins ist jede "
     "jedem jeden jeder jedes jene jetzt kann kein keine keinem keinen keiner konnen konnte machen man "
     "manche mein meine "
     "mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen "
     "seiner selbst "
     "sich sie sind so solche soll sollte sondern sonst uber um und uns unser unsere unter viel vom von vor "
     "wahrend war "
     "waren was weg weil weiter welche wenn werde werden wie wieder will wir wird wirst wo wollen wollte "
     "wurde wurden zu "
     "zum zur zwar zwischen "},
    {"fr",
     " a ai aie ait alors as au aucun aussi autre aux avaient avais avait avant avec avoir avons ayant c ce "
     "cela celle "
     "celui ces cet cette ceux chez comme d dans de des donc dont du elle elles en encore entre est et "
     "etaient etais "
     "etait etant ete etes etre eu eux fait fut il ils j je l la le les leur leurs lui m ma mais me meme mes "
     "moi mon n ne "
     "ni non nos notre nous on ont ou par pas peu plus pour qu quand que quel quelle quels qui s sa sans se "
     "sera ses si "
     "son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une vers vos votre vous y "},
    {"es",
     " a al algo algun alguna algunas algunos ante antes aquel aquella aun aunque bajo bien cada como con "
     "contra cual "
     "cuando de del desde donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos "
     "esta estaba "
     "estado estan estar estas este esto estos fue fueron ha habia han hasta hay he la las le les lo los mas "
     "me mi mientras "
     "mis mucho muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por "
     "porque que "
     "quien se sea segun ser si sido sin sobre son su sus tambien tanto te tiene tienen todo todos tras tu "
     "tus un una "
     "unas uno unos y ya yo "},
    {"it",
     " a ad agli ai al alla alle allo anche avere aveva c che chi ci come con contro cui da dagli dai dal "
     "dalla dalle dallo "
     "degli dei del dell della delle dello di dopo dove e ed era erano essere fra gia gli ha hanno ho i il "
     "in io l la le lei "
     "li lo loro lui ma me mi mia mio ne negli nei nel nella nelle nello no noi non nostra nostro o ogni per "
     "perche piu "
     "poi pero quale quando quella quelle quelli quello questa queste questi questo qui se sei si sia sono "
     "stata stati "
     "stato su sua sue sugli sui sul sulla sulle sullo suo suoi te ti tra tu tutti tutto un una uno vi voi "},
    {"nl",
     " aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een en er "
     "ge geen geweest "
     "haar had heb hebben heeft hem het hier hij hoe hun ik in is ja je kan kon kunnen maar me meer men met "
     "mij mijn moet "
     "na naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van "
     "veel voor want "
     "waren was wat werd wezen wie wil worden wordt zal ze zelf zich zij zijn zo zonder zou "},
    {"pt",
     " a ao aos aquela aquele aqueles as ate com como da das de dela dele deles depois do dos e ela elas ele "
     "eles em entre "
     "era eram essa esse esta estao estas este estes eu foi foram ha isso isto ja lhe lhes mais mas me mesmo "
     "meu minha muito "
     "na nao nas nem no nos nossa nosso num numa o os ou para pela pelas pelo pelos por qual quando que quem "
     "se sem ser seu "
     "seus so sua suas sao tambem te tem tinha toda todo um uma voce voces "},
};

}  // namespace

bool is_stop_word(std::string_view folded, std::string_view language) {
  const auto it = std::find_if(std::begin(kStopWords), std::end(kStopWords),
                               [&](const auto& list) { return list.first == language; });
  if (it == std::end(kStopWords) || folded.empty() || folded.find(' ') != std::string_view::npos)
    return false;
  constexpr std::size_t kLongest = 14;
  if (folded.size() > kLongest) return false;
  char key[kLongest + 2];
  key[0] = ' ';
  std::copy(folded.begin(), folded.end(), key + 1);
  key[folded.size() + 1] = ' ';
  return it->second.find(std::string_view(key, folded.size() + 2)) != std::string_view::npos;
}

bool is_stop_word(std::string_view folded, std::span<const std::string> languages) {
  return std::any_of(languages.begin(), languages.end(), [&](const std::string& language) {
    return is_stop_word(folded, std::string_view(language));
  });
}

}  // namespace tidings
