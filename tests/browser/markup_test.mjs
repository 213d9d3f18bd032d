// SPDX-License-Identifier: GPL-2.0-or-later
// Reports, file names and queries full of markup: all of it stays text, in the page that the server makes and in what the modules make of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeBrowser, Rig } from "./rig.mjs";

const IMG = `<img src=x onerror="alert(1)">`;
const EVIL = [
  IMG,
  `"><script>alert(2)</script>`,
  `</title></textarea></style><svg onload=alert(3)>`,
  `'" autofocus onfocus=alert(4) x='`,
  `<a href="javascript:alert(5)">javascript:alert(5)</a>`,
  `{{constructor.constructor('alert(6)')()}} \${alert(7)}`,
  `<mark>&lt;b&gt;&amp;#60;</mark><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>`,
  `<iframe srcdoc="<script>alert(8)</script>"></iframe><form action=//evil.example><button>`,
];
/// What none of the pages has for itself.
const INJECTED = "img, svg, iframe, base, main script, body > script, style, object, [onerror], [onload], [onfocus], [srcdoc], "
  + "meta[http-equiv], form[action*='evil'], a[href^='javascript'], a[href*='//evil']";

let rig;
before(async () => {
  const reports = {};
  EVIL.forEach((evil, i) => {
    const name = evil.replace(/[/\0]/gu, "∕");
    reports[`${name.slice(0, 60)} ${i}.md`] = `---\ntitle: Title ${evil}\nsource: Source ${evil}\n`
      + `date: 2024-0${i + 1}-03\n---\n\nThe dockers said ${evil} to the strike ${evil} committee of ${i}.\n`;
    reports[`folder ${name.slice(0, 60)}/${i}.txt`] = `Copy ${evil}\n\nA strike ${evil} of pilots number ${i}, ${"abcdefgh"[i].repeat(5)} ${evil}.\n`;
  });
  const story = `The ferry company told its crew ${IMG} on Tuesday that the route to Ghent would end with the summer, and that all sixty of them `
    + "might apply for places on the day boats, which pay a third less and sleep ashore.\n";
  reports["one.txt"] = `Ferry ${IMG} one\n\n${story}`;
  reports["two.txt"] = `Ferry ${IMG} one\n\n${story}`;
  rig = await Rig.start(reports);
  rig.write(Buffer.from([0x73, 0xff, 0x3c, 0x62, 0x3e, 0x2e, 0x74, 0x78, 0x74]), "A strike named in bytes that are no text.\n"); // s\xff<b>.txt
  await rig.sync();
});
after(async () => {
  await rig?.stop();
  await closeBrowser();
});

async function unharmed(page, what) {
  assert.deepEqual(await page.locator(INJECTED).evaluateAll((all) => all.map((e) => e.outerHTML)), [], what);
  assert.deepEqual(page.dialogs, [], what);
  assert.deepEqual(page.outside, [], what);
  assert.equal(new URL(page.url()).origin, rig.origin, what);
}

for (const javaScriptEnabled of [true, false]) {
  const made = javaScriptEnabled ? "by the modules" : "by the server";
  test(`reports full of markup are text, ${made}`, async () => {
    const page = await rig.page({ javaScriptEnabled });
    for (const [target, count] of [["/?q=strike", 10], ["/?q=strike&offset=10", 7], ["/?q=ferry", 1]]) {
      await page.goto(rig.origin + target);
      if (javaScriptEnabled) await page.locator("body.live p.count:not(:empty)").waitFor();
      await page.locator(".hit").nth(count - 1).waitFor();
      await unharmed(page, target);
    }
    const copies = page.getByRole("link", { name: "+1 similar" });
    await copies.click();
    await page.getByRole("link", { name: `Ferry ${IMG} one`, exact: true }).last().waitFor();
    await unharmed(page, "copies");
    await page.goto(`${rig.origin}/?q=strike+type:markdown`);
    const titles = await page.locator("a.open").allTextContents();
    assert.deepEqual(titles.sort(), EVIL.map((evil) => `Title ${evil}`).sort());
    await page.goto(`${rig.origin}/?q=pilots+type:text`); // of which nothing is taken out, as of markdown
    await page.getByText("8 reports").waitFor();
    for (const address of await page.locator("a.open").evaluateAll((all) => all.map((a) => a.href))) {
      await page.goto(address);
      await page.locator(".text mark").first().waitFor();
      if (javaScriptEnabled) await page.getByRole("button", { name: "Next mark" }).click();
      const text = await page.locator(".text").textContent();
      assert.ok(EVIL.some((evil) => text.includes(`A strike ${evil} of pilots number`)), text);
      await unharmed(page, address);
    }
  });
}

test("queries, orders and paths full of markup are text", async () => {
  const page = await rig.page();
  for (const evil of EVIL) {
    for (const target of ["/?q=", "/report?path=reports:one.txt&q=", "/copies?path=reports:one.txt&q=", "/?sort=", "/?q=a&offset=", "/report?path=", "/copies?path="]) {
      await page.goto(`${rig.origin}${target}${encodeURIComponent(evil)}`);
      await page.locator("main").waitFor();
      await unharmed(page, `${target}${evil}`);
    }
  }
});

test("what is typed and what is narrowed by is text", async () => {
  const page = await rig.page();
  for (const evil of EVIL) {
    await page.getByRole("searchbox").fill(evil);
    await page.waitForFunction((q) => new URLSearchParams(location.search).get("q") === q, evil);
    await page.waitForFunction(() => document.querySelector("#answers .hit, #answers p, main [role=alert]"));
    await unharmed(page, evil);
  }
  await page.goto(`${rig.origin}/?q=strike`);
  for (const kind of ["Source", "Folder"]) {
    await page.locator("#facets").getByText(`${kind.toLowerCase()} ${IMG}`, { exact: false }).first().waitFor({ state: "attached" });
    assert.ok((await page.locator("#facets bdi").allTextContents()).length > 16);
  }
  // A value with quotes in it cannot be written in a query: it is told, and leads nowhere.
  assert.equal(await page.locator("#facets a.value bdi").filter({ hasText: "onerror" }).count(), 0);
  await page.locator("#facets details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.locator("#facets a.value").filter({ hasText: "constructor" }).first().click();
  await page.waitForURL(/source|folder/);
  await page.getByText("1 report", { exact: true }).waitFor();
  await unharmed(page, "narrowed");
});

test("a report whose name is no text is opened by its bytes", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await rig.page({ javaScriptEnabled });
    await page.goto(`${rig.origin}/?q=${encodeURIComponent('"named in bytes"')}`);
    if (javaScriptEnabled) await page.locator("body.live p.count:not(:empty)").waitFor();
    await page.locator("a.open").click();
    await page.getByText("A strike named in bytes that are no text.").last().waitFor();
    assert.match(page.url(), /%ff/iu);
    await unharmed(page, "bytes");
  }
});

test("the policy itself lets no text become markup or script", async () => {
  const page = await rig.page();
  const tried = await page.evaluate(() => {
    const said = [];
    try {
      document.querySelector("main").innerHTML = "<b id=injected>x</b>";
    } catch (error) {
      said.push(error.name);
    }
    const button = document.createElement("button");
    try {
      button.setAttribute("onclick", "window.ran = true");
    } catch (error) {
      said.push(error.name);
    }
    button.click();
    return [said, document.getElementById("injected"), window.ran];
  });
  assert.deepEqual(tried, [["TypeError", "TypeError"], null, undefined]);
});
