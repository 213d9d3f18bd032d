// SPDX-License-Identifier: GPL-2.0-or-later
// keys.js — the keyboard: "/" to the query, arrows from title to title, Enter opens (a link's own doing), Escape goes back to the query.

const isTyping = (target) => target.matches?.("input, select, textarea, [contenteditable]");
const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing);

export function queryKey(input) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !isPlain(event) || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/// Between the query and the titles below root.
export function resultKeys(input, root) {
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event) || event.defaultPrevented) return;
    const titles = [...root.querySelectorAll("a.open")];
    const at = titles.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== input) return;
    if (event.key === "ArrowDown") titles[Math.min(at + 1, titles.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && at > 0) titles[at - 1].focus();
    else if (event.key === "ArrowUp" && at === 0) input.focus();
    else if (event.key === "Escape" && at >= 0) {
      input.focus();
      input.select();
    } else return;
    event.preventDefault();
  });
}
