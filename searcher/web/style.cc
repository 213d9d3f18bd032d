// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/web/style.h"

namespace tidings::searcher::web {

const std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d1f21; --soft: #5c6166; --line: #dedbd3;
  --accent: #8a2b1f; --link: #17457a; --mark: #ffe9a8; --mark-ink: #1d1f21; --note: #f5efe0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --card: #1d2024; --ink: #e6e4df; --soft: #a3a8ae; --line: #33373d;
    --accent: #f0907f; --link: #9cc4f2; --mark: #6b5310; --mark-ink: #fff6d8; --note: #26231b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 50rem; padding: 1.25rem clamp(0.9rem, 4vw, 2rem) 3rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px;
}
header .name { margin: 0 0 0.7rem; font: 600 1.3rem/1.2 Georgia, "Noto Serif", "DejaVu Serif", serif; }
header .name a { color: var(--accent); text-decoration: none; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; }
input, select, button {
  font: inherit; color: var(--ink); background: var(--card);
  border: 1px solid var(--line); border-radius: 0.45rem; padding: 0.55rem 0.75rem; min-height: 2.75rem;
}
input { flex: 1 1 14rem; min-width: 0; }
select { flex: 0 1 auto; }
button { flex: 0 0 auto; background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.state { margin: 1rem 0 0; color: var(--soft); font-size: 0.9rem; }
.echo { margin-top: 0.15rem; }
.note { margin: 0.8rem 0 0; padding: 0.6rem 0.85rem; background: var(--note); border-left: 3px solid var(--accent); border-radius: 0 0.4rem 0.4rem 0; font-size: 0.95rem; }
.note p { margin: 0; }
.note ul { margin: 0; padding-left: 1.2rem; }
.hits { list-style: none; margin: 0.6rem 0 0; padding: 0; }
.hit { padding: 1.05rem 0; border-top: 1px solid var(--line); }
.hits > .hit:first-child { border-top: 0; }
.hit h2 { margin: 0; font: 600 1.15rem/1.35 Georgia, "Noto Serif", "DejaVu Serif", serif; }
.hit h2 a { text-decoration: none; }
.hit h2 a:hover { text-decoration: underline; }
.meta { margin: 0.15rem 0 0; color: var(--soft); font-size: 0.88rem; }
.path { margin: 0.3rem 0 0; color: var(--soft); font: 0.8rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
.passage { margin: 0.4rem 0 0; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 0.2rem; padding: 0 0.1em; }
.part { margin: 1.6rem 0 0; padding-top: 0.8rem; border-top: 2px solid var(--line); font-size: 0.95rem; font-weight: 600; color: var(--soft); }
.partial .hit h2 { font-weight: 500; }
.pages { display: flex; justify-content: space-between; gap: 1rem; margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.pages a { padding: 0.5rem 0; }
.help { margin-top: 1.6rem; color: var(--soft); }
.help dt { margin-top: 0.6rem; font-family: ui-monospace, "DejaVu Sans Mono", monospace; color: var(--ink); }
.help dd { margin: 0; }
.report h1 { margin: 1.5rem 0 0; font: 600 clamp(1.4rem, 5vw, 1.9rem)/1.25 Georgia, "Noto Serif", "DejaVu Serif", serif; }
.text { margin: 1.3rem 0 0; white-space: pre-wrap; font: 1.06rem/1.65 Georgia, "Noto Serif", "DejaVu Serif", serif; }
.boilerplate { color: var(--soft); font-size: 0.88em; }
@media (max-width: 26rem) { select, button { flex: 1 1 40%; } }
@media print { form, .pages { display: none; } }
)css";

}  // namespace tidings::searcher::web
