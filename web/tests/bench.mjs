// ./dev bench -rows console: rows 29 to 31 of bench/RESULTS.md, the console in a browser, with a million devices stored.
//
// Paint and scrolling are timed by the browser's own clock, inside the page; bytes are those that its network counted.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { flagKey, until, World } from './world.mjs';

const usage = `usage: ./dev bench -rows console [-devices N] [-runs N] [-output FILE]

  -devices N    devices of the account (1000000)
  -runs N       how often each page is opened; the median counts (5)
  -output FILE  where the table is written, beside the terminal (build/log/console.md)
`;
const scrolls = 200; // positions of the table that are gone to
const paintLimit = 300; // ms
const scrollLimit = 100; // ms, 95th percentile
const wireLimit = 150_000; // bytes
const leastJump = 0.01; // of the table: small steps move it by pixels, as a wheel does (lib/long_scroll.ts)
const look = 150; // ms that somebody looks at the rows before going on
const patience = 600_000; // ms: where each of many devices is takes a busy machine long, once
const quietTime = 500; // ms without an answer that comes: a page has all that it wants

class WrongFlag extends Error {}

/** Of a sorted list. */
const percentile = (sorted, part) => sorted[Math.min(Math.ceil(sorted.length * part), sorted.length) - 1];
const ascending = (values) => [...values].sort((a, b) => a - b);
const median = (values) => percentile(ascending(values), 0.5);
const ms = (value) => `${value.toFixed(0)} ms`;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const counted = (number, what) => `${number} ${what}${number === 1 ? '' : 's'}`;

function readFlags(words) {
  const flags = { rows: 'console', devices: 1_000_000, runs: 5, output: undefined };
  const rest = [...words];
  while (rest.length) {
    const word = rest.shift();
    const [, name, joined] = /^--?([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined || !(name in flags)) throw new WrongFlag(`"${word}" is no flag of the row "console"`);
    const value = joined ?? rest.shift();
    if (value === undefined) throw new WrongFlag(`${word} has no value`);
    flags[name] = typeof flags[name] === 'number' ? Number(value) : value;
  }
  if (flags.rows !== 'console') throw new WrongFlag('"console" is measured alone, not beside other rows');
  if (!(Number.isInteger(flags.runs) && flags.runs >= 1 && Number.isInteger(flags.devices) && flags.devices >= 1000))
    throw new WrongFlag('at least one run, and a thousand devices');
  return flags;
}

/** Counts the bytes that the network brings to a page from now on. */
class Wire {
  static async of(page) {
    const wire = new Wire();
    wire.bytes = 0;
    const open = new Set();
    let last = Date.now();
    const network = await page.context().newCDPSession(page);
    // The stream of events has no end.
    network.on('Network.requestWillBeSent', ({ requestId, type }) => type !== 'EventSource' && open.add(requestId));
    const ended = ({ requestId, encodedDataLength = 0 }) => {
      open.delete(requestId);
      wire.bytes += encodedDataLength; // with the header of the answer
      last = Date.now();
    };
    network.on('Network.loadingFinished', ended);
    network.on('Network.loadingFailed', ended);
    await network.send('Network.enable');
    wire.isQuiet = () => open.size === 0 && Date.now() - last > quietTime;
    return wire;
  }
}

/** Opens a page of the console in a browser that has nothing cached, signed in or not. */
async function openCold(world, place, session, whenShown) {
  const page = await world.page({ session });
  const wire = await Wire.of(page);
  await page.goto(`${world.url}/#/${place}`);
  await whenShown(page);
  await until('all answers', wire.isQuiet, patience);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  if (paint === undefined) throw new Error(`the browser saw no first paint of #/${place}`);
  // The largest that was painted by then: what the page is opened for, where the first paint may be no more than its name.
  const content = await page.evaluate(
    () =>
      new Promise((resolve) =>
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }),
      ),
  );
  if (page.faults.length) throw new Error(page.faults.join('; '));
  await page.context().close();
  return { paint, content, bytes: wire.bytes };
}

const overviewIsShown = (page) => page.getByRole('heading', { name: 'Overview' }).waitFor();
const rowsAreShown = (page) => page.getByRole('grid', { name: 'Devices' }).getByRole('link').first().waitFor();
async function signIn(page) {
  await page.getByLabel('API key').fill(flagKey);
  await page.keyboard.press('Enter');
  await overviewIsShown(page);
}

async function openPages(world, runs) {
  const signedIn = await world.signedIn();
  const session = await signedIn.context().storageState();
  await signedIn.context().close();
  const opened = { first: [], overview: [], devices: [] };
  for (let run = 0; run < runs; run++) {
    opened.first.push(await openCold(world, '', undefined, signIn));
    opened.overview.push(await openCold(world, '', session, overviewIsShown));
    opened.devices.push(await openCold(world, 'devices', session, rowsAreShown));
  }
  return opened;
}

// Runs in the page. Goes to a place of the table, from 0 to 1, and gives the time until its rows have been painted.
async function scrollTo(place) {
  const frame = document.querySelector('[role=grid]');
  const head = frame.querySelector('[role=row]');
  const rowHeight = head.offsetHeight;
  const view = frame.clientHeight - rowHeight;
  const rows = Number(frame.getAttribute('aria-rowcount')) - 1;
  const wanted = place * (rows - view / rowHeight); // the first row in view; a screen beside it nobody can tell at the scroll bar
  const isThere = () => {
    const top = head.getBoundingClientRect().bottom;
    const inView = [...frame.querySelectorAll('[role=rowgroup] [role=row]')].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top && box.top < top + view;
    });
    const first = Number(inView[0]?.getAttribute('aria-rowindex')) - 2;
    return Math.abs(first - wanted) * rowHeight <= view && inView.length * rowHeight >= view && inView.every((row) => row.querySelector('a'));
  };
  // The message comes behind the drawing of the frame that is being made.
  const painted = () =>
    new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(undefined);
    });

  const began = performance.now();
  frame.scrollTop = place * (frame.scrollHeight - frame.clientHeight);
  do {
    await new Promise(requestAnimationFrame);
    if (performance.now() - began > 60_000) throw new Error(`rows of the place ${place} did not come`);
  } while (!isThere());
  await painted();
  return performance.now() - began;
}

async function scrollDevices(world, devices) {
  const page = await world.signedIn();
  const opened = performance.now();
  await page.goto(`${world.url}/#/devices`);
  await page.getByText(`${devices.toLocaleString('en')} devices`, { exact: true }).waitFor({ timeout: patience });
  const counting = performance.now() - opened;
  const times = [];
  let place = 0;
  while (times.length < scrolls) {
    const next = Math.random();
    if (Math.abs(next - place) < leastJump) continue;
    place = next;
    await page.waitForTimeout(look);
    times.push(await page.evaluate(scrollTo, place));
  }
  if (page.faults.length) throw new Error(page.faults.join('; '));
  await page.context().close();
  return { counting, times: ascending(times) };
}

const row = (cells) => `| ${cells.join(' | ')} |\n`;
const line = (number, work, must, measured, met) => row([number, work, must, measured, '', '', '', met ? 'yes' : '**no**']);

function report({ devices, runs, load, opened, counting, times }) {
  const pages = Object.entries({ 'sign-in': opened.first, Overview: opened.overview, Devices: opened.devices });
  const medians = (what) => pages.map(([name, runs]) => `${name} ${ms(median(runs.map((run) => run[what])))}`).join(', ');
  const slowestPaint = Math.max(...pages.flatMap(([, runs]) => runs.map(({ paint }) => paint)));
  const bytes = (name) => median(opened[name].map((each) => each.bytes));
  const p95 = percentile(times, 0.95);
  return (
    '# Measured by `./dev bench -rows console`\n\n' +
    `${cpus()[0].model}, ${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, Linux ${release()}; Chromium ${world.browser.version()}\n\n` +
    `${new Date().toISOString().slice(0, 10)}, ${devices} devices, medians of ${counted(runs, 'run')}; ` +
    `jobs that others ran on the machine when it began: ${load.toFixed(1)}. Nothing is in the browser's cache.\n\n` +
    row(['#', 'work', 'must be', 'measured', 'floor', 'ratio', 'depsim', 'met']) +
    row(Array(8).fill('-')) +
    line(
      29,
      `first paint of the console, ${devices} stored`,
      `< ${paintLimit} ms`,
      `${medians('paint')}; slowest ${ms(slowestPaint)}; largest paint: ${medians('content')}`,
      pages.every(([, runs]) => median(runs.map(({ paint }) => paint)) < paintLimit),
    ) +
    line(
      30,
      `scrolling to any of ${devices} devices, until its rows are painted, ${times.length} times`,
      `95th percentile < ${scrollLimit} ms`,
      `${ms(p95)}; median ${ms(percentile(times, 0.5))}, slowest ${ms(times.at(-1))}; counted ${ms(counting)} after the page was asked for`,
      p95 < scrollLimit,
    ) +
    line(
      31,
      'first page over the wire: sign-in and Overview',
      `< ${wireLimit / 1000} KB`,
      `${kilobytes(bytes('first'))}; signed in, Overview alone ${kilobytes(bytes('overview'))}, Devices alone ${kilobytes(bytes('devices'))}`,
      bytes('first') < wireLimit,
    )
  );
}

let world;
try {
  const { devices, runs, output } = readFlags(process.argv.slice(2));
  const load = loadavg()[0];
  if (load > 1) console.error(`this machine is busy (load ${load.toFixed(1)}): the figures will say less`);
  console.error(`storing ${devices} devices`);
  world = await World.start({ devices });
  console.error(`opening each page ${counted(runs, 'time')}`);
  const opened = await openPages(world, runs);
  console.error(`scrolling ${scrolls} times`);
  const { counting, times } = await scrollDevices(world, devices);
  const table = report({ devices, runs, load, opened, counting, times });
  process.stdout.write(table);
  if (output) writeFileSync(output, table);
} catch (error) {
  console.error(`bench: ${error instanceof WrongFlag ? `${error.message}\n${usage}` : error.stack}`);
  process.exitCode = error instanceof WrongFlag ? 2 : 1;
} finally {
  await world?.stop();
}
