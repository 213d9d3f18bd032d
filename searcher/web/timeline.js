// SPDX-License-Identifier: GPL-2.0-or-later
// timeline.js — how many of the matches are of which month (or day), as bars; a range of them narrows the query by date.
//
// By pointer: press, drag, let go. By keyboard: one stop of Tab; arrows, Home and End move, with Shift they stretch the range, Enter takes
// it, Escape lets it go. For screen readers it is a list box of which several neighbours can be chosen.
import { counted, element } from "./dom.js";

const months = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", timeZone: "UTC" });
const days = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });

function nameOf(start) {
  const month = start.length === 7;
  return (month ? months : days).format(new Date(month ? `${start}-01` : start));
}

export class Timeline {
  /// chosen(from, to): a range was taken, or, without arguments, given up.
  constructor(chosen) {
    this.chosen = chosen;
    this.bars = element("div", { class: "bars", role: "listbox", tabindex: "0", "aria-multiselectable": "true",
      "aria-orientation": "horizontal", "aria-label": "Reports over time: choose a range" });
    this.caption = element("p", { class: "caption" });
    this.all = element("button", { type: "button", class: "plain", hidden: true }, "All dates");
    this.root = element("section", { id: "timeline", "aria-label": "Over time", hidden: true }, this.bars, this.caption, this.all);
    this.buckets = [];
    this.all.addEventListener("click", () => this.chosen());
    this.bars.addEventListener("keydown", (event) => this.#key(event));
    this.bars.addEventListener("pointerdown", (event) => this.#press(event));
    this.bars.addEventListener("pointermove", (event) => this.#drag(event));
    this.bars.addEventListener("pointerup", () => this.#release());
    this.bars.addEventListener("pointercancel", () => this.#rest());
  }

  /// The API's timeline; range: {from, to} that the query is narrowed to, or undefined.
  show(timeline, range) {
    this.buckets = timeline?.buckets ?? [];
    this.root.hidden = this.buckets.length < 2 && !range;
    this.all.hidden = !range;
    this.gaps = timeline?.gaps ?? false;
    const most = Math.max(1, ...this.buckets.map(({ count }) => count));
    this.options = this.buckets.map(({ start, count }, i) => {
      const bar = element("span", { class: count ? "bar" : "bar none" });
      bar.style.height = `${count ? Math.max(6, (100 * count) / most) : 0}%`;
      return element("div", { id: `bucket-${i}`, role: "option", "aria-selected": "false", title: `${nameOf(start)}: ${counted(count, "report", "reports")}`,
        "aria-label": `${nameOf(start)}: ${counted(count, "report", "reports")}` }, bar);
    });
    this.bars.replaceChildren(...this.options);
    this.#rest();
  }

  #rest() {
    this.pressed = false;
    this.anchor = this.at = undefined;
    this.bars.removeAttribute("aria-activedescendant");
    this.#paint();
  }

  #span() {
    if (this.at === undefined) return undefined;
    return [Math.min(this.anchor, this.at), Math.max(this.anchor, this.at)];
  }

  #paint() {
    const span = this.#span();
    this.options?.forEach((option, i) => {
      const inside = span !== undefined && i >= span[0] && i <= span[1];
      option.setAttribute("aria-selected", String(inside));
      option.classList.toggle("at", i === this.at);
    });
    this.caption.replaceChildren(...this.#words(span));
  }

  #words(span) {
    if (!this.buckets.length) return [];
    const [first, last] = span ?? [0, this.buckets.length - 1];
    const count = this.buckets.slice(first, last + 1).reduce((sum, bucket) => sum + bucket.count, 0);
    const names = first === last ? nameOf(this.buckets[first].start) : `${nameOf(this.buckets[first].start)} – ${nameOf(this.buckets[last].start)}`;
    if (span) return [element("strong", {}, names), `: ${counted(count, "report", "reports")}`];
    return [element("span", {}, nameOf(this.buckets[first].start)), this.gaps && element("span", {}, "empty ones left out"),
      first !== last && element("span", {}, nameOf(this.buckets[last].start))].filter(Boolean);
  }

  #move(to, stretch) {
    this.at = Math.min(Math.max(to, 0), this.buckets.length - 1);
    if (!stretch || this.anchor === undefined) this.anchor = this.at;
    this.bars.setAttribute("aria-activedescendant", `bucket-${this.at}`);
    this.#paint();
  }

  #take() {
    const span = this.#span();
    if (!span) return;
    const [from, to] = span.map((i) => this.buckets[i].start);
    this.#rest();
    this.chosen(from, to);
  }

  #key(event) {
    if (!this.buckets.length || event.ctrlKey || event.altKey || event.metaKey) return;
    const last = this.buckets.length - 1;
    const at = this.at ?? (event.key === "ArrowLeft" ? last + 1 : -1);
    if (event.key === "ArrowRight") this.#move(at + 1, event.shiftKey);
    else if (event.key === "ArrowLeft") this.#move(at - 1, event.shiftKey);
    else if (event.key === "Home") this.#move(0, event.shiftKey);
    else if (event.key === "End") this.#move(last, event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.#take();
    else if (event.key === "Escape" && this.at !== undefined) this.#rest();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #under(event) {
    const { left, width } = this.bars.getBoundingClientRect();
    return Math.floor(((event.clientX - left) / width) * this.buckets.length);
  }
  #press(event) {
    if (event.button !== 0 || !this.buckets.length) return;
    this.pressed = true;
    this.bars.setPointerCapture(event.pointerId);
    this.#move(this.#under(event), event.shiftKey);
  }
  #drag(event) {
    if (this.pressed) this.#move(this.#under(event), true);
  }
  #release() {
    if (!this.pressed) return;
    this.pressed = false;
    this.#take();
  }
}
