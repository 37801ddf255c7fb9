// What the tests of the console share: a real server, a simulated Apple, and a browser.
import axe from 'axe-core';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const build = process.env.MUSTER_BUILD ?? die('MUSTER_BUILD is the build directory');
export const flagKey = 'a-key-for-the-tests-of-the-console';
const screenshots = process.env.MUSTER_SCREENSHOTS; // a folder, for who wants them
const patience = 60_000; // ms: other tests run beside this one

function die(text) {
  throw new Error(text);
}
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `condition` gives something that is true, and gives that. */
export async function until(what, condition, ms = patience) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) die(`waited in vain for ${what}`);
    await sleep(50);
  }
}

/** A program that says on its first line where it listens. */
class Program {
  constructor(name, args) {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(MUSTER|MICROMDM)_|_proxy$/i.test(key)));
    this.child = spawn(join(build, name), args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    this.child.stderr.on('data', (data) => (this.log += data));
    this.ended = new Promise((done) => this.child.on('exit', done));
    this.url = new Promise((found, failed) => {
      let output = '';
      this.child.stdout.on('data', (data) => {
        output += data;
        const url = /listening on (\S+)/.exec(output)?.[1];
        if (url) found(url);
      });
      void this.ended.then((status) => failed(new Error(`${name} ended with ${status}: ${this.log}`)));
    });
    this.url.catch(() => {});
  }
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    await this.ended;
  }
}

export class World {
  /** With so many devices that were there before Muster, unless `devices` is 0. */
  static async start({ devices = 0, accounts = 'default', more = [] } = {}) {
    const world = new World();
    world.directory = mkdtempSync(join(tmpdir(), 'muster-console-'));
    world.depsim = new Program('depsim', ['-listen', '127.0.0.1:0', '-devices', String(devices), '-accounts', accounts, '-seed', '7']);
    world.apple = await world.depsim.url;
    world.more = more;
    await world.startServer();
    world.browser = await chromium.launch({ executablePath: process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
    if (devices) await until('the baseline', async () => (await world.account()).devices >= devices, patience + devices);
    return world;
  }
  async startServer(address = '127.0.0.1:0') {
    this.server = new Program('muster', [
      'serve', '-depsim', this.apple, '-api-key', flagKey, '-tls=false', '-http-addr', address,
      '-config-path', join(this.directory, 'data'), ...this.more,
    ]);
    this.url = await this.server.url;
  }
  /** Again at the same address: pages that are open find it. */
  async restartServer() {
    await this.server.stop('SIGKILL');
    return () => this.startServer(new URL(this.url).host);
  }
  /** Runs a script of Python with `db`, the server's database, while the server is stopped: for what takes days to come about. */
  async changeDatabase(script) {
    const start = await this.restartServer();
    const opened = 'import sqlite3, sys, time\ndb = sqlite3.connect(sys.argv[1])\n';
    execFileSync('python3', ['-c', `${opened}${script}\ndb.commit()`, join(this.directory, 'data', 'muster.db')]);
    await start();
  }
  async stop() {
    await this.browser?.close();
    await Promise.all([this.server?.stop(), this.depsim?.stop()]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A call of the API, with the server's own key. Throws for an answer that is an error. */
  async call(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${flagKey}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) die(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }
  /** A call of depsim's control API. */
  async portal(method, path, body) {
    const answer = await fetch(`${this.apple}/control/${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    if (!answer.ok) die(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
  async account(name = 'default') {
    const { accounts } = await this.call('GET', '/api/v1/accounts');
    return accounts.find((account) => account.name === name);
  }
  /** The first devices of the account, in order of serial number. */
  async devices(limit = 10) {
    return (await this.call('GET', `/api/v1/devices?limit=${limit}`)).devices;
  }
  async newKey(name, members) {
    return (await this.call('PUT', `/api/v1/keys/${name}`, members)).api_key;
  }
  /** The path of a file of that size, which needs no room. */
  largeFile(name, bytes) {
    const path = join(this.directory, name);
    writeFileSync(path, '');
    truncateSync(path, bytes);
    return path;
  }
  /** Defines a profile, or its next version; gives its UUID. */
  async profile(name, more = {}) {
    const document = { profile_name: name, url: 'https://mdm.example.org/enroll', is_supervised: true, ...more };
    return (await this.call('PUT', '/v1/dep/profiles', document)).profile_uuid;
  }
  async sync() {
    await this.call('POST', '/v1/dep/syncnow?wait=60');
  }

  /** A browser of its own, with the cookies of `session` if there is one. What goes wrong inside, and every request to elsewhere,
   *  fails the test at check(). */
  async page({ dark = false, width = 1280, height = 800, session } = {}) {
    const context = await this.browser.newContext({
      storageState: session,
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('console', (message) => {
      // The browser itself reports answers that are errors, and a server that is gone: the tests provoke them.
      if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text())) page.faults.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'blob:' && protocol !== 'data:' && origin !== new URL(this.url).origin) page.faults.push(`a request to ${request.url()}`);
    });
    return page;
  }
  async signedIn(options = {}, key = flagKey) {
    const page = await this.page(options);
    await page.goto(this.url);
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    return page;
  }
}

/** A file as somebody drops it. */
export const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** No fault inside the page, and nothing that axe-core finds. */
export async function check(page, where) {
  if (page.faults.length) die(`${where}: ${page.faults.join('; ')}`);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const texts = violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => `${node.html}\n  ${node.failureSummary}`).join('\n  ')}`);
  if (texts.length) die(`${where}:\n${texts.join('\n')}`);
}

/** Whether nothing is wider than the window. */
export async function isAsWideAsTheWindow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

/** The three ways in which each page is looked at. */
export const views = [
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow', { width: 360, height: 740 }],
];

/** Checks the page in all of them. */
export async function checkViews(page, name) {
  const before = page.viewportSize();
  for (const [view, { dark, ...size }] of views) {
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.setViewportSize(size.width ? size : before);
    await check(page, `${name}, ${view}`);
    if (!(await isAsWideAsTheWindow(page))) die(`${name} is wider than the window: ${view}`);
    await screenshot(page, `${name}-${view}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

export async function screenshot(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
