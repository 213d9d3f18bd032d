// SPDX-License-Identifier: GPL-2.0-or-later
// The page in a browser that runs no script: what the server makes is enough. And what the modules must not do otherwise.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeBrowser, Rig } from "./rig.mjs";

const strike = (n) => `Dockers strike, day ${n}\n\nThe dockers of quay ${n} began their strike at dawn, and the cranes stood still.\n`;

let rig, page;
before(async () => {
  const reports = { "lone.txt": "Talks in the canteen\n\nThe canteen had soup, and nobody spoke of work in it today.\n" };
  for (let n = 0; n < 23; ++n) reports[`strike-${n}.txt`] = `${strike(n)}${["Tugs", "Pilots", "Lashers", "Clerks"][n % 4]} joined at ${n} o'clock, `
    + `said ${String.fromCharCode(65 + n).repeat(4)} of the ${String.fromCharCode(97 + n).repeat(5)} committee.\n`;
  const story = "The ferry company told its night crew on Tuesday that the route to Ghent would end with the summer, and that "
    + "all sixty of them might apply for places on the day boats, which pay a third less and sleep ashore.\n";
  for (let n = 0; n < 14; ++n) reports[`ferry-${n}.txt`] = `Ferry route ends\n\n${story}`;
  rig = await Rig.start(reports);
  page = await rig.page({ javaScriptEnabled: false });
});
after(async () => {
  await rig?.stop();
  await closeBrowser();
});

test("the form searches, and a title opens the report", async () => {
  await page.goto(rig.origin);
  await page.getByRole("searchbox").fill("canteen soup");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("1 report", { exact: false }).waitFor();
  assert.deepEqual(await page.locator("mark").allTextContents(), ["canteen", "soup"]);
  await page.getByRole("link", { name: "Talks in the canteen" }).click();
  await page.getByRole("heading", { level: 1, name: "Talks in the canteen" }).waitFor();
  await page.getByText("nobody spoke of work").waitFor();
  await page.getByRole("link", { name: "Results for “canteen soup”" }).click();
  assert.equal(new URL(page.url()).searchParams.get("q"), "canteen soup");
});

test("in the report the words are marked, and the first is a link away", async () => {
  await page.goto(`${rig.origin}/?q=canteen+soup`);
  await page.getByRole("link", { name: "Talks in the canteen" }).click();
  assert.deepEqual(await page.locator(".text mark").allTextContents(), ["canteen", "canteen", "soup"]);
  await page.getByRole("link", { name: "3 places are marked" }).click();
  assert.equal(await page.locator("mark:target").textContent(), "canteen");
});

test("near-copies are a link away, and no next page is promised for them", async () => {
  await page.goto(`${rig.origin}/?q=ferry+ghent`);
  await page.getByText("14 reports").waitFor();
  assert.equal(await page.locator(".hit").count(), 1);
  assert.equal(await page.getByRole("link", { name: "Next" }).count(), 0);
  await page.getByRole("link", { name: "+13 similar" }).click();
  await page.getByRole("heading", { name: "near-copies of" }).waitFor();
  assert.equal(await page.locator(".hit").count(), 13);
});

test("nor do the modules promise one", async () => {
  const modern = await rig.page();
  await modern.goto(`${rig.origin}/?q=ferry+ghent`);
  await modern.locator("body.live p.count").getByText("14 reports").waitFor();
  assert.equal(await modern.locator(".hit").count(), 1);
  assert.equal(await modern.getByRole("link", { name: "Next" }).count(), 0);
});

test("the order that is chosen is kept from page to page", async () => {
  await page.goto(`${rig.origin}/?q=dockers+strike&sort=oldest`);
  await page.getByRole("link", { name: "Next" }).click();
  const address = new URL(page.url()).searchParams;
  assert.deepEqual([address.get("sort"), address.get("offset")], ["oldest", "10"]);
  assert.equal(await page.locator("#sort").inputValue(), "oldest");
});

test("nothing was asked of anyone else, and nothing complained of", () => {
  assert.deepEqual([page.outside, page.said, page.dialogs], [[], [], []]);
});
