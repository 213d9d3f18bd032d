// SPDX-License-Identifier: GPL-2.0-or-later
// The page with its modules, on the sample reports: search as one types, narrowing, time, the keyboard, the report, and what arrives.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import fs from "node:fs";
import { axeSource, closeBrowser, Rig } from "./rig.mjs";

const samples = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../corpus");

let rig, page;
before(async () => {
  rig = await Rig.start({}, { reportsOf: samples });
  page = await rig.page();
});
after(async () => {
  await rig?.stop();
  await closeBrowser();
});

const query = () => page.getByRole("searchbox");
const titles = () => page.locator("#answers a.open").allTextContents();
const inAddress = (name) => new URL(page.url()).searchParams.get(name);
const asked = (q, rest = "") => page.goto(`${rig.origin}/?q=${encodeURIComponent(q)}${rest}`);
/// The list that the modules made of an answer to this query is there.
const answered = (q) => page.waitForFunction((title) => document.title.endsWith(title) && document.querySelector("p.count")?.textContent, `${q} – tidings`);

test("what is typed is searched for, and the address keeps up without filling the history", async () => {
  await page.goto(rig.origin);
  const before = await page.evaluate(() => history.length);
  await query().pressSequentially("coventry strike pay");
  await answered("coventry strike pay");
  assert.equal(await page.locator(".count").textContent(), "4 reports");
  assert.equal((await titles())[0], "A first for Britain: Amazon pickers in Coventry down tools");
  assert.ok((await page.locator("mark").allTextContents()).includes("Coventry"));
  assert.equal(inAddress("q"), "coventry strike pay");
  assert.equal(await page.evaluate(() => history.length), before);
  await query().fill("");
  await page.getByText("reports that have all the words").waitFor();
});

test("an answer that was overtaken is never shown", async () => {
  await page.goto(rig.origin);
  await page.evaluate(() => {
    window.shown = [];
    new MutationObserver(() => window.shown.push(...[...document.querySelectorAll("a.open")].map((a) => a.textContent)))
      .observe(document.querySelector("main"), { childList: true, subtree: true });
  });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(/q=tortoise/, async (route) => {
    await held;
    await route.continue().catch(() => {}); // it was aborted meanwhile
  });
  const first = page.waitForRequest(/q=tortoise/);
  await query().fill("tortoise");
  await first;
  await query().fill("ammonia");
  await answered("ammonia");
  release();
  await page.unroute(/q=tortoise/);
  await query().fill("ammonia evacuation");
  await answered("ammonia evacuation");
  const shown = await page.evaluate(() => window.shown);
  assert.ok(shown.includes("Safety committee, cold store, Coventry"));
  assert.ok(!shown.includes("The tortoise in parcel 212"));
});

test("a facet narrows the query, once more widens it, and Back undoes it", async () => {
  await asked("strike OR strikes");
  await answered("strike OR strikes");
  const facet = page.getByRole("region", { name: "Narrow the results" }).getByRole("link", { name: /Quay & Shed/ });
  const count = Number(await facet.locator(".number").textContent());
  await facet.click();
  const narrow = '(strike OR strikes) source:"Quay & Shed"';
  await answered(narrow);
  assert.equal(inAddress("q"), narrow);
  assert.equal(await query().inputValue(), narrow);
  assert.equal(await page.locator(".count").textContent(), `${count} report${count === 1 ? "" : "s"}`);
  await page.getByRole("region", { name: "Narrow the results" }).getByRole("link", { name: /Quay & Shed/ }).click();
  await answered("(strike OR strikes)");
  await page.goBack();
  await answered(narrow);
  await page.goBack();
  await answered("strike OR strikes");
});

test("each folder, type, language and month that is counted finds as many reports", async () => {
  await asked("strike");
  await answered("strike");
  const links = await page.locator("#facets section:not(:first-of-type) a").evaluateAll((all) => all.map((a) => a.href));
  assert.ok(links.length > 10);
  for (const address of links) {
    const [value, count] = await page.locator("#facets a").evaluateAll(
      (all, href) => [...all.find((a) => a.href === href).querySelectorAll("bdi, .number")].map((e) => e.textContent), address);
    const found = await page.evaluate(async (to) => (await fetch(`/v1/search?${new URL(to).searchParams}`)).json(), address);
    if (value !== "reports") assert.equal(found.total.count, Number(count), address);
    assert.deepEqual(found.query.warnings, [], address);
  }
});

test("a stretch of the timeline is chosen by the pointer, and given up", async () => {
  await asked("strike");
  await answered("strike");
  const bars = page.getByRole("listbox");
  const box = await bars.boundingBox();
  const count = await bars.getByRole("option").count();
  const x = (i) => box.x + ((i + 0.5) * box.width) / count;
  await page.mouse.move(x(0), box.y + 20);
  await page.mouse.down();
  await page.mouse.move(x(3), box.y + 20, { steps: 5 });
  assert.equal(await bars.locator('[aria-selected="true"]').count(), 4);
  await page.mouse.up();
  await page.waitForURL(/date/);
  assert.match(inAddress("q"), /^strike date:\d{4}-\d\d\.\.\d{4}-\d\d$/);
  await answered(inAddress("q"));
  await page.getByRole("button", { name: "All dates" }).click();
  await answered("strike");
});

test("and by the keyboard", async () => {
  await asked("strike");
  await answered("strike");
  await page.getByRole("listbox").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("listbox").locator('[aria-selected="true"]').count(), 0);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForURL(/date/);
  assert.match(inAddress("q"), /^strike date:\d{4}-\d\d$/);
});

test("the keyboard goes from the query to the titles, into a report and back", async () => {
  await asked("coventry strike pay");
  await answered("coventry strike pay");
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), (await titles())[1]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.press("ArrowDown");
  const title = await focused();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.getByRole("button", { name: "Next mark" }).waitFor();
  await page.keyboard.press("Escape");
  await answered("coventry strike pay");
});

test("in a report one goes from mark to mark, and round", async () => {
  await asked("coventry strike pay");
  await answered("coventry strike pay");
  await page.locator("a.open").first().click();
  const marks = await page.locator(".text mark").allTextContents();
  assert.ok(marks.length > 3 && marks.every((mark) => /^(coventry|strik|pay|paid)/iu.test(mark)), marks.join());
  const place = page.getByRole("navigation", { name: "Marks" }).getByRole("status");
  await page.getByRole("button", { name: "Next mark" }).click();
  assert.equal(await place.textContent(), `1 of ${marks.length}`);
  await page.keyboard.press("p");
  assert.equal(await place.textContent(), `${marks.length} of ${marks.length}`);
  await page.keyboard.press("n");
  assert.equal(await page.locator("mark.at").getAttribute("id"), "m1");
  assert.ok(await page.locator("mark.at").evaluate((mark) => {
    const { top, bottom } = mark.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));
});

test("near-copies unfold below the hit that they were left out for", async () => {
  await asked("sponsored boat race");
  await answered("sponsored boat race");
  const link = page.getByRole("link", { name: "+1 similar" });
  await link.click();
  const copies = page.getByRole("region", { name: "Near-copies" });
  await copies.getByRole("link", { name: "Liverpool" }).waitFor();
  assert.equal(await link.getAttribute("aria-expanded"), "true");
  await link.click();
  assert.equal(await copies.count(), 0);
});

test("what may have been meant is a link, and what is odd is said", async () => {
  await asked("covantry strkie");
  await page.getByRole("link", { name: "coventry strike" }).click();
  await answered("coventry strike");
  await query().fill("strike date:2023-13");
  await page.getByRole("alert").waitFor();
  await query().fill('"strike');
  await page.getByText("a quote was opened and not closed").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("page follows page", async () => {
  await asked("strike");
  await answered("strike");
  const seen = await titles();
  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForFunction((first) => document.querySelector("#answers a.open").textContent !== first, seen[0]);
  assert.equal(inAddress("offset"), "10");
  assert.ok((await titles()).every((title) => !seen.includes(title) || title === "MINUTES OF THE BRANCH MEETING"));
  await page.getByRole("link", { name: "Previous" }).click();
  await page.waitForFunction((first) => document.querySelector("#answers a.open").textContent === first, seen[0]);
});

for (const colorScheme of ["light", "dark"]) {
  test(`an accessibility checker finds nothing serious, ${colorScheme}`, async () => {
    const other = await rig.page({ colorScheme });
    const check = async (what) => {
      await other.evaluate(axeSource);
      const found = await other.evaluate(() => window.axe.run(document));
      const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map((n) => `${n.html} ${n.failureSummary}`)]), [], what);
    };
    await check("start");
    await other.goto(`${rig.origin}/?q=sponsored+boat+race`);
    await other.locator("body.live p.count:not(:empty)").waitFor();
    await other.getByRole("link", { name: "+1 similar" }).click();
    await other.getByRole("region", { name: "Near-copies" }).waitFor();
    await check("copies");
    await other.goto(`${rig.origin}/?q=strike`);
    await other.getByRole("listbox").focus();
    await other.keyboard.press("End");
    await check("results");
    await other.locator("a.open").first().click();
    await other.getByRole("button", { name: "Next mark" }).click();
    await check("report");
    assert.deepEqual([other.outside, other.said, other.dialogs], [[], [], []]);
  });
}

test("what narrows stands beside the list where there is room, and is folded where there is none", async () => {
  await page.setViewportSize({ width: 500, height: 800 });
  await asked("strike");
  await answered("strike");
  const facet = page.locator("#facets").getByRole("link", { name: "html" });
  assert.ok(!(await facet.isVisible()));
  await page.locator("#facets summary").first().click();
  await facet.waitFor();
  await page.locator("#facets summary").first().click();
  await page.setViewportSize({ width: 1200, height: 800 });
  await facet.waitFor();
  assert.ok((await facet.boundingBox()).x > (await page.locator(".hit").first().boundingBox()).x + 400);
});

test("nothing is wider than the screen, from 320 px on", async () => {
  for (const width of [320, 480, 991, 992, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    for (const target of ["/", "/?q=strike", "/?q=covantry+strkie", `/report?q=strike&path=reports:coventry/first-strike.txt`]) {
      await page.goto(rig.origin + target);
      if (target === "/?q=strike") await answered("strike");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${target} at ${width}`);
    }
  }
});

test("pictures of the page are made where they are asked for", { skip: !process.env.TIDINGS_SCREENSHOTS }, async () => {
  const folder = process.env.TIDINGS_SCREENSHOTS;
  fs.mkdirSync(folder, { recursive: true });
  const shots = [["light", { colorScheme: "light", viewport: { width: 1100, height: 760 } }],
    ["dark", { colorScheme: "dark", viewport: { width: 1100, height: 760 } }],
    ["narrow", { colorScheme: "light", viewport: { width: 320, height: 780 } }],
    ["narrow-dark", { colorScheme: "dark", viewport: { width: 320, height: 780 } }]];
  for (const [name, options] of shots) {
    const other = await rig.page(options);
    await other.screenshot({ path: path.join(folder, `start-${name}.png`) });
    await other.goto(`${rig.origin}/?q=coventry+strike+pay`);
    await other.getByText("4 reports").waitFor();
    await other.locator(".connection.live").waitFor();
    await other.screenshot({ path: path.join(folder, `results-${name}.png`) });
    await other.goto(`${rig.origin}/?q=strike`);
    await other.getByRole("listbox").focus();
    for (const key of ["Home", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"]) await other.keyboard.press(key);
    await other.screenshot({ path: path.join(folder, `timeline-${name}.png`) });
    await other.goto(`${rig.origin}/?q=coventry+strike+pay`);
    await other.getByText("4 reports").waitFor();
    await other.locator("a.open").first().click();
    await other.getByRole("button", { name: "Next mark" }).click();
    await other.screenshot({ path: path.join(folder, `report-${name}.png`) });
    const plain = await rig.page({ ...options, javaScriptEnabled: false });
    await plain.goto(`${rig.origin}/?q=sponsored+boat+race`);
    await plain.screenshot({ path: path.join(folder, `plain-${name}.png`) });
  }
});

test("nothing was asked of anyone else, and nothing complained of", () => {
  // Chromium says of each answer that is an error that it is one: the impossible date's.
  const said = page.said.filter((line) => !line.includes("status of 400"));
  assert.deepEqual([page.outside, said, page.dialogs], [[], [], []]);
});
