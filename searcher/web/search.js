// SPDX-License-Identifier: GPL-2.0-or-later
// search.js — the page of results, kept up with what is typed and with what arrives.
//
// Each change of query, order or page asks anew and aborts what was asked before, so a stale answer is never shown; typing waits TYPING ms
// for the next key, and replaces the address, while links and Enter add to the history. The list changes only when somebody asks: reports that
// come to match meanwhile are counted in a button that floats over the page, and shown, marked, on top of the list when it is pressed.
import { address, get } from "./api.js";
import { counted, element } from "./dom.js";
import { FACET_NAMES, facets } from "./facets.js";
import { resultKeys } from "./keys.js";
import { follow } from "./live.js";
import { dated, range } from "./narrow.js";
import { pages, results, toggleCopies } from "./results.js";
import { Timeline } from "./timeline.js";

const TYPING = 120; // ms
const FEW_MONTHS = 2; // and fewer are shown by day

const wide = matchMedia("(min-width: 62rem)"); // as style.css has it

const STATES = {
  live: ["live", "New reports are told of as they arrive."],
  unwatched: ["not watched", "No daemon runs: the index stays as it is."],
  lost: ["no connection", "The server does not answer; it is asked again."],
  refused: ["session over", "The server was started anew: open the address that `tidings serve` prints."],
};

export class Search {
  constructor(main, form) {
    this.main = main;
    this.form = form;
    this.input = form.elements.q;
    this.limit = Number(main.dataset.limit);
    this.title = element("h1", { class: "visually-hidden" }, "Reports");
    this.count = element("p", { class: "count", role: "status" });
    this.fresh = element("p", { class: "fresh" });
    this.connection = element("span", { class: "connection" });
    this.age = element("span");
    this.notes = element("div");
    this.answers = element("div", { id: "answers" }, ...main.childNodes);
    this.first = [...this.answers.childNodes]; // what the server sent: of a page without a query, how to search
    this.pages = element("nav", { class: "pages", "aria-label": "Pages", hidden: true });
    this.timeline = new Timeline((from, to) => this.go({ q: dated(this.asked.q, from, to), offset: 0 }));
    this.narrow = element("section", { id: "facets", "aria-label": "Narrow the results", hidden: true });
    this.news = element("button", { type: "button", class: "news-button" });
    this.heardOf = element("div", { class: "news-place", role: "status" });
  }

  start() {
    this.fresh.append(this.connection, this.age);
    this.main.replaceChildren(this.title, element("div", { class: "state" }, this.count, this.fresh), this.notes, this.timeline.root,
      this.narrow, this.answers, this.pages, this.heardOf);
    document.body.classList.add("live");
    this.asked = this.#ofAddress();
    this.#listen();
    resultKeys(this.input, this.main);
    if (this.asked.q) this.ask("none");
    follow((heard) => this.#hear(heard));
  }

  #ofAddress() {
    const parameters = new URLSearchParams(location.search);
    return { q: parameters.get("q") ?? "", sort: parameters.get("sort") ?? "best", offset: Number(parameters.get("offset") ?? 0) };
  }

  #listen() {
    this.input.addEventListener("input", () => {
      this.asked = { ...this.asked, q: this.input.value, offset: 0 };
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.ask("replace"), TYPING);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go({ q: this.input.value, offset: 0 });
    });
    this.form.elements.sort.addEventListener("change", (event) => this.go({ sort: event.target.value, offset: 0 }));
    wide.addEventListener("change", () => this.narrow.querySelector("details.all")?.toggleAttribute("open", wide.matches));
    this.news.addEventListener("click", () => this.#showNews());
    window.addEventListener("popstate", () => {
      this.asked = this.#ofAddress();
      this.#fillForm();
      this.ask("none");
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a");
      if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (link.matches(".copies")) toggleCopies(link, this.asked);
      else if (link.origin === location.origin && link.pathname === "/" && link.search) this.#follow(link);
      else return;
      event.preventDefault();
    });
  }

  /// A facet, another page, what may have been meant: an address of this page, and no need to load it.
  #follow(link) {
    const parameters = new URLSearchParams(link.search);
    const turned = link.matches(".pages a");
    this.go({ q: parameters.get("q") ?? "", offset: Number(parameters.get("offset") ?? 0) });
    if (turned) window.scrollTo({ top: 0 });
  }

  #fillForm() {
    if (this.input.value !== this.asked.q) this.input.value = this.asked.q;
    this.form.elements.sort.value = this.asked.sort;
  }

  go(change) {
    this.asked = { ...this.asked, ...change };
    this.#fillForm();
    return this.ask("push");
  }

  #setAddress(how) {
    const to = this.asked.q.trim() ? address("/", this.asked) : "/";
    if (how === "none" || to === location.pathname + location.search) return;
    if (how === "push") history.pushState(null, "", to);
    else history.replaceState(null, "", to);
  }

  /// how: "push" or "replace" the address, or "none". news: what #look found, to be shown on top.
  async ask(how, news) {
    clearTimeout(this.typing);
    this.asking?.abort();
    this.looking?.abort();
    const { signal } = (this.asking = new AbortController());
    const asked = this.asked;
    this.#setAddress(how);
    this.#offer(undefined);
    if (!asked.q.trim()) return this.#showStart();
    try {
      const answer = await get("/v1/search", { q: asked.q, sort: asked.sort, offset: asked.offset, n: this.limit + 1,
        facets: FACET_NAMES, timeline: "month" }, signal);
      if (answer.timeline.buckets.length > 0 && answer.timeline.buckets.length <= FEW_MONTHS)
        answer.timeline = (await get("/v1/search", { q: asked.q, n: 1, partial: 0, suggest: 0, timeline: "day" }, signal)).timeline;
      if (!signal.aborted) this.#show(asked, answer, news);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #showStart() {
    this.shown = undefined;
    document.title = this.heading = "tidings";
    this.count.textContent = this.documents === undefined ? "" : counted(this.documents, "report", "reports");
    this.notes.replaceChildren();
    this.timeline.show(undefined);
    this.answers.replaceChildren(...this.first);
    this.pages.hidden = true;
    this.#showFacets([]);
  }

  #fail(error) {
    this.failed = error.status === 0;
    this.notes.replaceChildren(element("div", { class: "note", role: "alert" }, element("p", {}, error.message), error.hint && element("p", {}, error.hint)));
  }

  #show(asked, answer, news) {
    // One hit more than is shown tells whether there is a next page; the total counts near-copies that are left out.
    const more = answer.hits.length > this.limit && !answer.hits[this.limit].partial;
    answer.hits = answer.hits.slice(0, this.limit);
    this.shown = answer;
    this.failed = false;
    document.title = this.heading = `${asked.q} – tidings`;
    this.#told(answer);
    this.notes.replaceChildren(...this.#notesOf(answer));
    this.timeline.show(answer.timeline, range(asked.q));
    this.answers.replaceChildren(...results(answer, asked, news));
    this.pages.replaceChildren(...pages(asked, this.limit, more));
    this.pages.hidden = asked.offset === 0 && !more;
    this.#showFacets(facets(answer.facets, asked));
  }

  /// Beside the list where there is room, else unfolded by whoever wants them.
  #showFacets(sections) {
    const open = wide.matches || (this.narrow.querySelector("details.all")?.open ?? false);
    this.narrow.hidden = sections.length === 0;
    this.narrow.replaceChildren(element("details", { class: "all", open }, element("summary", {}, element("h2", {}, "Narrow")), ...sections));
  }

  #told(answer) {
    this.count.textContent = `${answer.total.exact ? "" : "about "}${counted(answer.total.count, "report", "reports")}`;
    this.#age(answer.as_of_ms, answer.pending);
  }

  #age(ms, pending) {
    const at = new Date(ms);
    const today = at.toDateString() === new Date().toDateString();
    this.age.replaceChildren("as of ", element("time", { datetime: at.toISOString() }, today ? at.toLocaleTimeString() : at.toLocaleString()),
      pending === null ? "" : ` · ${counted(pending, "change", "changes")} pending`);
  }

  #notesOf(answer) {
    const { text, understood, warnings } = answer.query;
    const meant = answer.suggestion && element("p", { class: "meant" }, "Did you mean ",
      element("a", { href: address("/", { ...this.asked, q: answer.suggestion, offset: 0 }) }, answer.suggestion), "?");
    return [
      meant,
      understood && understood !== text && element("p", { class: "echo" }, "Read as: ", element("bdi", {}, understood)),
      warnings.length > 0 && element("div", { class: "note" }, element("ul", {},
        warnings.map((warning) => element("li", {}, `${warning.column ? `column ${warning.column}: ` : ""}${warning.text}`)))),
    ].filter(Boolean);
  }

  // What arrives

  #hear({ state, index, pending }) {
    const [name, title] = STATES[state];
    this.connection.className = `connection ${state}`;
    if (this.connection.textContent !== name) this.connection.textContent = name;
    this.connection.title = title;
    if (!index) return;
    this.documents = index.documents;
    this.#age(index.as_of_ms, pending);
    if (!this.asked.q.trim()) return this.#showCountOfAll();
    if (this.failed || (this.shown && this.identity && index.identity !== this.identity)) this.ask("none");
    else if (this.shown && index.generation > (this.seen ?? this.shown.generation)) this.#look(index.generation);
    this.identity = index.identity;
  }

  #showCountOfAll() {
    const text = counted(this.documents, "report", "reports");
    if (this.count.textContent !== text) this.count.textContent = text;
  }

  /// Reports that match and were not there, or read otherwise, when the list was made.
  async #look(generation) {
    this.looking?.abort();
    const { signal } = (this.looking = new AbortController());
    const shown = this.shown;
    try {
      const news = await get("/v1/search", { q: this.asked.q, sort: "newest", n: this.limit, partial: 0, suggest: 0, after: shown.generation }, signal);
      if (signal.aborted || this.shown !== shown) return;
      this.seen = generation;
      if (news.total.count === 0) return;
      if (shown.hits.length === 0) await this.ask("none", news);
      else this.#offer(news);
    } catch (error) {
      if (!signal.aborted && error.status !== 0) this.#fail(error); // 0: follow() tells of it, and asks again
    }
  }

  #offer(news) {
    this.came = news;
    if (!news) {
      this.seen = undefined;
      this.heardOf.replaceChildren();
      if (this.heading) document.title = this.heading;
      return;
    }
    const text = counted(news.total.count, "new report", "new reports");
    this.news.replaceChildren(text, element("span", { "aria-hidden": "true" }, " ↑"));
    if (!this.news.isConnected) this.heardOf.append(this.news);
    document.title = `(${news.total.count}) ${this.heading}`;
  }

  async #showNews() {
    const news = this.came;
    this.asked = { ...this.asked, offset: 0 };
    await this.ask("replace", news);
    window.scrollTo({ top: 0 });
    this.answers.querySelector(".news a.open")?.focus({ preventScroll: true });
  }
}
