// SPDX-License-Identifier: GPL-2.0-or-later
// What arrives while a page is open: counted and marked, without moving what is there; and a server or daemon that goes and comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeBrowser, Rig } from "./rig.mjs";

let rig;
before(async () => {
  const reports = {};
  for (let n = 0; n < 3; ++n)
    reports[`strike-${n}.txt`] = `Strike of the ${["dockers", "pilots", "clerks"][n]}\n\nThey began at ${n + 4} o'clock ${["at the quay", "on the river", "in the office"][n]}.\n`;
  rig = await Rig.start(reports);
});
after(async () => {
  await rig?.stop();
  await closeBrowser();
});

const titles = (page) => page.locator("#answers a.open").allTextContents();
async function results(q) {
  const page = await rig.page();
  await page.goto(`${rig.origin}/?q=${encodeURIComponent(q)}`);
  await page.locator("body.live p.count:not(:empty)").waitFor(); // the modules' own list, no more the server's
  await page.locator(".connection.live").waitFor();
  return page;
}

test("a report that comes to match is counted, moves nothing, and is shown on top when it is asked for", async () => {
  const page = await results("strike");
  const before = await titles(page);
  const place = await page.locator(".hit").nth(1).boundingBox();
  rig.write("tugs.txt", "Strike of the tugs\n\nThe tug crews stay ashore.\n");
  rig.write("soup.txt", "Soup in the canteen\n\nNobody spoke of work.\n");
  await rig.sync();
  const button = page.getByRole("button", { name: "1 new report" });
  await button.waitFor();
  assert.match(await page.title(), /^\(1\) strike/);
  assert.deepEqual(await titles(page), before);
  assert.deepEqual(await page.locator(".hit").nth(1).boundingBox(), place);
  rig.write("tugs-2.txt", "Strike of the tugs spreads\n\nA second harbour has none either, and no ferry sails.\n");
  await rig.sync();
  await page.getByRole("button", { name: "2 new reports" }).click();
  const news = page.getByRole("region", { name: "New reports" });
  await news.waitFor();
  assert.deepEqual((await news.locator("a.open").allTextContents()).sort(), ["Strike of the tugs", "Strike of the tugs spreads"]);
  assert.deepEqual((await titles(page)).slice(2).sort(), before.sort());
  assert.equal(await page.locator("p.count").textContent(), "5 reports");
  assert.ok(await news.locator("a.open").first().evaluate((a) => a === document.activeElement));
  assert.equal(await page.locator(".news-button").count(), 0);
  assert.deepEqual([page.said, page.dialogs, page.outside], [[], [], []]);
});

test("where nothing was found, what comes is shown at once", async () => {
  const page = await results("herring");
  await page.getByText("Nothing found").waitFor();
  rig.write("herring.txt", "Herring at last\n\nA boat brought it.\n");
  await rig.sync();
  await page.getByRole("region", { name: "New reports" }).getByRole("link", { name: "Herring at last" }).waitFor();
});

test("it is told that no daemon watches, and when one does again", async () => {
  const page = await results("strike");
  await rig.stopDaemon();
  await page.locator(".connection.unwatched").waitFor();
  rig.write("night.txt", "Strike of the night watch\n\nThe lamps stay dark.\n");
  await rig.startDaemon();
  await page.locator(".connection.live").waitFor();
  await page.getByRole("button", { name: "1 new report" }).waitFor();
});

test("a page outlives a restart of the server", async () => {
  const page = await results("strike");
  await rig.stopServer();
  await page.locator(".connection.lost").waitFor();
  await page.getByRole("searchbox").fill("herring");
  await page.getByRole("alert").waitFor();
  await rig.startServer();
  await page.locator(".connection.live").waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: "Herring at last" }).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});
