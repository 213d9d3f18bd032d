// SPDX-License-Identifier: GPL-2.0-or-later
// rig.mjs — the real programs on a fresh folder, and a real browser before them.
//
//   const rig = await Rig.start({ "strike.txt": "Dockers strike.\n" });   // tidingsd and tidings serve, all of it searchable
//   const page = await rig.page();                                        // let in: the token is used, the cookie had
//   rig.write("more.txt", "Another strike.\n"); await rig.sync();
//   await rig.stop();
//
// All that a page says on its console and each error in it is kept in page.said, and a dialog in page.dialogs: a test that expects none
// looks there. A request to anything but the server is refused and kept in page.outside. What a rig started is ended by its process id,
// and its folder goes with it. Nothing sleeps: `sync`, a printed line, or what the page shows is waited for.
import { spawn, execFile } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { promisify } from "node:util";

const require = createRequire(path.join(process.env.TIDINGS_BROWSER_PACKAGES, "package.json"));
const { chromium } = require("playwright-core");
const run = promisify(execFile);

const build = path.resolve(process.env.TIDINGS_BUILD);
export const PATIENCE = 30_000; // ms until a test is failed for what should have taken milliseconds
export const axeSource = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let browser; // one for all rigs of a file

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/// A port that nobody listens on, so that a server can be started on it again.
async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Rig {
  #processes = new Map();
  #contexts = [];

  /// reportsOf: a folder whose files are taken as well; config: more of the configuration.
  static async start(reports, { reportsOf, config = "" } = {}) {
    const rig = new Rig();
    rig.root = fs.mkdtempSync(path.join(os.tmpdir(), "tid-"));
    rig.corpus = path.join(rig.root, "reports");
    if (reportsOf) fs.cpSync(reportsOf, rig.corpus, { recursive: true, preserveTimestamps: true });
    rig.port = await freePort();
    const quoted = (name) => JSON.stringify(path.join(rig.root, name));
    fs.writeFileSync(rig.#config(), `
[index]
folder = ${quoted("index")}
[daemon]
control_socket = ${quoted("c.sock")}
[serve]
socket = ${quoted("a.sock")}
state_folder = ${quoted("state")}
tcp_address = "127.0.0.1:${rig.port}"
${config}
[[corpus]]
name = "reports"
path = ${JSON.stringify(rig.corpus)}
ignore = [".*", "*~", "/README.md"]
`);
    for (const [name, text] of Object.entries(reports)) rig.write(name, text);
    await rig.startDaemon();
    await rig.startServer();
    return rig;
  }

  #config() {
    return path.join(this.root, "tidings.toml");
  }

  #environment() {
    const ours = Object.entries(process.env).filter(([name]) => !/^(XDG|TIDINGS|LISTEN|NOTIFY)_/.test(name));
    return { ...Object.fromEntries(ours), HOME: this.root, XDG_RUNTIME_DIR: this.root, LC_ALL: "C.UTF-8" };
  }

  #spawn(program, ...args) {
    const log = fs.openSync(path.join(this.root, `${program}.log`), "a");
    const child = spawn(path.join(build, program), args, {
      env: this.#environment(), cwd: this.root, stdio: ["ignore", "pipe", log] });
    fs.closeSync(log);
    this.#processes.set(program, child);
    return child;
  }

  /// Reports below the corpus folder; text is a string or bytes, and so is a name.
  write(name, text) {
    const file = Buffer.isBuffer(name) ? Buffer.concat([Buffer.from(`${this.corpus}/`), name]) : path.join(this.corpus, name);
    fs.mkdirSync(Buffer.isBuffer(file) ? this.corpus : path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  async sync() {
    await run(path.join(build, "tidings"), ["sync", "--config", this.#config()], { env: this.#environment() });
  }

  async startDaemon() {
    fs.mkdirSync(this.corpus, { recursive: true });
    this.#spawn("tidingsd", "--config", this.#config());
    await this.sync();
  }

  /// The address that it prints is this.first, good for one use.
  async startServer() {
    const server = this.#spawn("tidings", "serve", "--config", this.#config());
    const lines = readline.createInterface({ input: server.stdout });
    const [line] = await Promise.race([once(lines, "line"), once(server, "exit").then(() => ["it ended"])]);
    if (!line.startsWith("ready http")) throw new Error(`tidings serve: ${line}\n${this.log("tidings")}`);
    this.first = line.slice("ready ".length).split(" ")[0];
    this.origin = new URL(this.first).origin;
  }

  log(program) {
    return fs.readFileSync(path.join(this.root, `${program}.log`), "utf8");
  }

  async #end(program) {
    const child = this.#processes.get(program);
    this.#processes.delete(program);
    if (!child) return;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode ?? child.signalCode}\n${this.log(program)}`);
  }
  stopServer() {
    return this.#end("tidings");
  }
  stopDaemon() {
    return this.#end("tidingsd");
  }

  /// A page in a context of its own. options: Playwright's newContext(), such as colorScheme, viewport and javaScriptEnabled.
  async page(options = {}) {
    browser ??= await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: process.getuid() === 0 ? ["--no-sandbox"] : [], // the sandbox refuses to be root's
    });
    const context = await browser.newContext({ timezoneId: "UTC", locale: "en-GB", ...options });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    Object.assign(page, { said: [], dialogs: [], outside: [] });
    page.on("console", (message) => page.said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => page.said.push(`error: ${error.stack ?? error}`));
    page.on("dialog", async (dialog) => {
      page.dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    await context.route((url) => url.origin !== this.origin, (route) => {
      page.outside.push(route.request().url());
      return route.abort();
    });
    if (this.cookies) await context.addCookies(this.cookies);
    await page.goto(this.cookies ? this.origin : this.first);
    this.cookies ??= await context.cookies();
    return page;
  }

  async stop() {
    try {
      for (const context of this.#contexts) await context.close();
      await this.stopServer();
      await this.stopDaemon();
    } finally {
      for (const child of this.#processes.values()) child.kill("SIGKILL");
      fs.rmSync(this.root, { recursive: true, force: true });
    }
  }
}
