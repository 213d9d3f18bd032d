// SPDX-License-Identifier: GPL-2.0-or-later
// facets.js — what all the matches are counted by, as links that narrow the query, or widen it again.
import { address } from "./api.js";
import { element } from "./dom.js";
import { fieldOf, has, narrowed, without } from "./narrow.js";

const SHOWN = 6; // values of a facet that are seen at once; the others unfold

const languages = new Intl.DisplayNames("en", { type: "language" });
const months = new Intl.DateTimeFormat("en", { year: "numeric", month: "long", timeZone: "UTC" });

function languageName(code) {
  return /^[a-z]{2,3}$/u.test(code) ? languages.of(code) : code;
}
function monthName(month) {
  const day = new Date(`${month}-01`);
  return Number.isNaN(day.valueOf()) ? month : months.format(day);
}
/// Without the corpus, where there is but one.
function folderNames(values) {
  const corpora = new Set(values.map(({ value }) => value.slice(0, value.indexOf(":"))));
  return (value) => {
    const [corpus, folder] = [value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 1)];
    if (!folder) return corpus;
    return corpora.size === 1 ? folder : value;
  };
}

/// Name in the API, heading, field of the language, and how a value is read.
const FACETS = [
  ["source", "Source", "source", () => String],
  ["folder", "Folder", "folder", folderNames],
  ["type", "Type", "type", () => String],
  ["language", "Language", "lang", () => languageName],
  ["month", "Month", "date", () => monthName],
];
export const FACET_NAMES = FACETS.map(([name]) => name).join(",");

function row(asked, field, text, count) {
  const label = [element("bdi", {}, text), element("span", { class: "number" }, count.toLocaleString("en"))];
  if (!field) return element("li", {}, element("span", { class: "value" }, label));
  const chosen = has(asked.q, field);
  const q = chosen ? without(asked.q, field) : narrowed(asked.q, field);
  return element("li", {},
    element("a", { class: "value", href: address("/", { ...asked, q, offset: 0 }), "aria-current": chosen && "true",
      title: chosen ? `without ${field}` : field }, label));
}

/// One section a facet; a facet that parts nothing is left out, unless it is what narrows the query.
export function facets(counts, asked) {
  return FACETS.flatMap(([name, heading, field, naming]) => {
    const facet = counts[name];
    if (!facet?.values.length) return [];
    const text = naming(facet.values);
    const rows = facet.values.map(({ value, count }) => row(asked, fieldOf(field, value), text(value), count));
    const parts = facet.values.length + (facet.without > 0 ? 1 : 0) > 1;
    if (!parts && !rows[0].querySelector("[aria-current]")) return [];
    const others = facet.others.values > 0 && element("p", { class: "others" }, `and ${facet.others.values.toLocaleString("en")} others`);
    const rest = rows.slice(SHOWN);
    return [element("section", {},
      element("h3", { id: `facet-${name}` }, heading),
      element("ul", { "aria-labelledby": `facet-${name}` }, rows.slice(0, SHOWN)),
      rest.length > 0 && element("details", {}, element("summary", {}, `${rest.length} more`),
        element("ul", { "aria-labelledby": `facet-${name}` }, rest), others),
      rest.length === 0 && others)];
  });
}
