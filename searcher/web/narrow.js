// SPDX-License-Identifier: GPL-2.0-or-later
// narrow.js — a query's text made narrower by a field, and wider again, as somebody would type it.

const QUOTES = /["“”„‟«»＂]/u;

/// source:"Port News"; undefined for a value that cannot be written, since quotes cannot stand within quotes.
export function fieldOf(name, value) {
  if (/^[\p{L}\p{N}._/-]+$/u.test(value)) return `${name}:${value}`;
  return QUOTES.test(value) ? undefined : `${name}:"${value}"`;
}

/// The words of the query, phrases and brackets whole, with what is open at its end: {words, open, or}.
function parts(query) {
  let quoted = false, depth = 0, word = "", or = false;
  const words = [];
  const end = () => {
    if (word === "OR") or = true;
    if (word) words.push(word);
    word = "";
  };
  for (const c of query) {
    if (QUOTES.test(c)) quoted = !quoted;
    else if (!quoted && c === "(") ++depth;
    else if (!quoted && c === ")" && depth > 0) --depth;
    if (/\s/u.test(c) && !quoted && depth === 0) end();
    else word += c;
  }
  end();
  return { words, open: (quoted ? '"' : "") + ")".repeat(depth), or };
}

export function has(query, field) {
  return parts(query).words.includes(field);
}

export function without(query, field) {
  return parts(query).words.filter((word) => word !== field).join(" ");
}

/// What is open is closed, and OR, which binds looser than what is beside it, goes into brackets.
export function narrowed(query, field) {
  const { words, open, or } = parts(query);
  const closed = words.join(" ") + open;
  if (!closed) return field;
  return `${or ? `(${closed})` : closed} ${field}`;
}

/// By date: from and to as the language takes them, in place of such a range that is there. Without them: without it.
export function dated(query, from, to) {
  const rest = parts(query).words.filter((word) => !/^date:[\d.-]+$/u.test(word)).join(" ");
  if (!from) return rest;
  return narrowed(rest, from === to ? `date:${from}` : `date:${from}..${to}`);
}

/// The range that dated() wrote, as {from, to}.
export function range(query) {
  for (const word of parts(query).words) {
    const found = /^date:(\d[\d-]*)(?:\.\.(\d[\d-]*))?$/u.exec(word);
    if (found) return { from: found[1], to: found[2] ?? found[1] };
  }
  return undefined;
}
