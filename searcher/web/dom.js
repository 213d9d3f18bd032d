// SPDX-License-Identifier: GPL-2.0-or-later
// dom.js — elements of the page. Text becomes text nodes and attributes alone: nothing here, or anywhere in these modules, reads markup, and the
// Content-Security-Policy (Trusted Types) would not let it.

/// element("a", { href: "/", class: "name" }, "text", other): undefined, null and false stand for no attribute and no child.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/// "1 report", "1,200 reports"
export function counted(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/// A passage or any text with marks, which are [begin, end) in code points, sorted and disjoint.
export function marked(text, marks) {
  const points = Array.from(text);
  const nodes = [];
  let at = 0;
  for (const [begin, end] of marks) {
    nodes.push(points.slice(at, begin).join(""), element("mark", {}, points.slice(begin, end).join("")));
    at = end;
  }
  nodes.push(points.slice(at).join(""));
  return nodes;
}

/// "2023-02-27T10:00:00Z" is read more easily as "2023-02-27 10:00 UTC"; shorter ones stand as they are.
export function time(iso) {
  const readable = iso.length >= 17 && iso[10] === "T" ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
  return element("time", { datetime: iso }, readable);
}
