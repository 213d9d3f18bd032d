// SPDX-License-Identifier: GPL-2.0-or-later
// results.js — hits as the server's own page has them (page.cc), made of the API's JSON.
import { address, get } from "./api.js";
import { counted, element, marked, time } from "./dom.js";

function metaOf(hit, asked) {
  const parts = [];
  if (hit.source) parts.push([element("bdi", {}, hit.source)]);
  if (hit.date) parts.push([time(hit.date), hit.date_from === "file_time" ? " (the file’s)" : ""]);
  if (hit.type) parts.push([hit.type]);
  if (hit.similar > 0)
    parts.push([element("a", { class: "copies", href: address("/copies", asked, hit), "aria-expanded": "false" }, `+${hit.similar} similar`)]);
  return element("p", { class: "meta" }, parts.flatMap((part, i) => (i ? [" · ", ...part] : part)));
}

/// asked: {q, sort, offset}, for the way back. Of a copy the heading is one level deeper.
function item(hit, asked, { isNew = false, level = 2 } = {}) {
  const title = hit.title || hit.path.slice(hit.path.lastIndexOf("/") + 1);
  return element("li", { class: isNew ? "hit new" : "hit" },
    element("article", {},
      element(`h${level}`, { dir: "auto" },
        isNew && element("span", { class: "badge" }, "new"), isNew && " ",
        element("a", { class: "open", href: address("/report", asked, hit) }, title)),
      metaOf(hit, asked),
      hit.status !== "indexed" && element("p", { class: "meta" }, hit.reason ? `${hit.status}: ${hit.reason}` : hit.status),
      hit.passages.map((passage) => element("p", { class: "passage", dir: "auto" }, marked(passage.text, passage.marks))),
      element("p", { class: "path" }, hit.path)));
}

function list(hits, asked, options) {
  return element("ol", { class: options?.partial ? "hits partial" : "hits" }, hits.map((hit) => item(hit, asked, options)));
}

/// What matches in full, then what has most of the words; before them what came since the last answer, if that is given.
export function results(answer, asked, news) {
  const came = new Set(news?.hits.map((hit) => hit.path));
  const rest = answer.hits.filter((hit) => !came.has(hit.path));
  const full = rest.filter((hit) => !hit.partial), partial = rest.filter((hit) => hit.partial);
  const nodes = [];
  if (came.size)
    nodes.push(element("section", { class: "news", "aria-label": "New reports" },
      list(news.hits, asked, { isNew: true }),
      news.total.count > came.size && element("p", { class: "state" }, `and ${counted(news.total.count - came.size, "other", "others")} that are new`)));
  if (full.length) nodes.push(list(full, asked));
  if (partial.length)
    nodes.push(element("h2", { class: "part" }, "With most of the words, not all"), list(partial, asked, { partial: true }));
  if (!nodes.length)
    nodes.push(element("p", {}, asked.offset === 0 ? "Nothing found. Fewer words find more." : "No more reports."));
  return nodes;
}

export function pages(asked, limit, more) {
  const to = (offset, rel, text) => element("a", { href: address("/", { ...asked, offset }), rel }, text);
  return [
    element("span", {}, asked.offset > 0 && to(Math.max(0, asked.offset - limit), "prev", "← Previous")),
    element("span", {}, more && to(asked.offset + limit, "next", "Next →")),
  ];
}

const COPIES = 50; // that are listed of one report, as /copies does

/// The near-copies of a hit, below it; once more, and they are gone. The link leads to the same list on a page of its own.
export async function toggleCopies(link, asked) {
  const below = link.closest("article");
  const open = below.querySelector(".copies-list");
  if (open) {
    open.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  if (link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const path = new URL(link.href).search.split("&").find((part) => part.startsWith("path="));
  const place = element("section", { class: "copies-list", "aria-label": "Near-copies" });
  try {
    const answer = await get(`/v1/similar?copies=1&n=${COPIES}&${path}`);
    place.append(list(answer.hits, asked, { level: 3 }));
  } catch (error) {
    place.append(element("p", { role: "alert" }, error.message));
  }
  below.append(place);
  link.removeAttribute("aria-busy");
  link.setAttribute("aria-expanded", "true");
}
