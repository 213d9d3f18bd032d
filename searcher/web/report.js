// SPDX-License-Identifier: GPL-2.0-or-later
// report.js — from mark to mark of a report, which the server has marked: by buttons, or n and p. Escape goes back to the results.
import { element } from "./dom.js";

export function report(root) {
  const marks = [...root.querySelectorAll(".text mark[id]")];
  const back = document.querySelector(".back a");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.("input, select")) return;
    if (event.key === "Escape" && back) back.click();
    else if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
  });
  if (!marks.length) return;

  let at = -1;
  const place = element("span", { role: "status" }, `${marks.length} marked`);
  const button = (step, text, label) => {
    const made = element("button", { type: "button", "aria-label": label, title: `${label} (${step > 0 ? "n" : "p"})` }, text);
    made.addEventListener("click", () => go(step));
    return made;
  };
  root.append(element("nav", { class: "stepper", "aria-label": "Marks" }, button(-1, "↑", "Previous mark"), place, button(1, "↓", "Next mark")));

  function go(step) {
    if (!marks.length) return;
    marks[at]?.classList.remove("at");
    at = at < 0 && step < 0 ? marks.length - 1 : (at + step + marks.length) % marks.length;
    marks[at].classList.add("at");
    marks[at].scrollIntoView({ block: "center" });
    place.textContent = `${at + 1} of ${marks.length}`;
  }
}
