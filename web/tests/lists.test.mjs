// The page of lists and notes: files as people drop them, good and bad.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check, checkViews, file, screenshot, until, World } from './world.mjs';

let world;
let serials, other; // of devices; UUID of a profile

before(async () => {
  world = await World.start({ devices: 30 });
  serials = (await world.devices(6)).map((device) => device.serial_number);
  await world.profile('Usual');
  other = await world.profile('Lab');
});
after(() => world?.stop());

async function page(key) {
  const opened = await world.signedIn({}, key);
  await opened.goto(`${world.url}/#/lists?account=default`);
  await opened.getByRole('heading', { name: 'Lists and notes', level: 1 }).waitFor();
  return opened;
}
const drop = (where) => where.getByLabel(/^Drop (a CSV|another) file here/);

describe('what belongs together?', () => {
  test('a file with mistakes is told row by row, and becomes a list when they are corrected', async () => {
    const opened = await page();
    await drop(opened.locator('main')).setInputFiles(file('room.csv', `serial\n${serials[0]}\n1.2E+11\n\n,Ada\nC 02\n`));
    const dialog = opened.getByRole('dialog');
    await dialog.getByLabel('Name of the list').fill('room');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('alert').getByText(/rows of the file are wrong, and nothing was changed/).waitFor();
    const row = dialog.getByRole('row', { name: /^3 / });
    await row.getByText('is a number that a spreadsheet made of a serial number').waitFor();
    await row.getByText('format the column as text and enter it again').waitFor();
    await checkViews(opened, 'csv-errors');
    await drop(dialog).setInputFiles(file('room.csv', `serial\n${serials.slice(0, 3).join('\n')}\n${serials[0]}\n`));
    await dialog.getByText('3 serial numbers added, 1 more than once in the file').waitFor();
    await dialog.getByRole('button', { name: 'Save: 0 devices change' }).click();
    await opened.getByRole('row', { name: /^room 3 1/ }).waitFor();
    await checkViews(opened, 'lists');
    await opened.getByRole('link', { name: 'room', exact: true }).click();
    await opened.getByText('3 devices match').waitFor();
  });

  test('a list that a rule covers shows whom its change moves, and cannot be removed', async () => {
    await world.call('PUT', '/api/v1/lists/lab', { csv: `${serials[3]}\n` });
    await world.call('PUT', '/api/v1/rules', { filter: 'serial in @lab', name: 'lab', profile_name: 'Lab', scope: 'all' });
    const opened = await page();
    await opened.getByRole('button', { name: 'Change lab' }).click();
    const dialog = opened.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Preview' }).waitFor();
    await drop(dialog).setInputFiles(file('more.csv', `${serials[4]}\n`));
    await dialog.getByRole('radio', { name: 'These are added to it' }).check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('1 serial number added; lab has 2 serial numbers').waitFor();
    await screenshot(opened, 'list-plan');
    await check(opened, 'plan of a list');
    await dialog.getByRole('button', { name: 'Save: 1 device changes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until('Apple to have it', async () => (await world.portal('GET', `devices/${serials[4]}`)).profile_uuid === other);

    await opened.getByRole('button', { name: 'Remove lab' }).click();
    await dialog.getByRole('button', { name: 'Remove the list' }).click();
    await dialog.getByRole('alert').getByText(/rule/).waitFor();
    await check(opened, 'a list in use');
  });

  test('notes come from a file, and are found', async () => {
    const opened = await page();
    await drop(opened.locator('main')).setInputFiles(file('notes.csv', `serial,owner,asset tag\n${serials[0]},Ada <b>Lovelace</b>,A-17\n${serials[1]},"Grace, Hopper",A-18\n`));
    const dialog = opened.getByRole('dialog');
    assert.equal(await dialog.getByRole('radio', { name: /^notes about devices/ }).isChecked(), true);
    await dialog.getByText('2 notes added').waitFor();
    await dialog.getByRole('button', { name: 'Save: 0 devices change' }).click();
    await opened.getByRole('row', { name: new RegExp(`${serials[0]}.*Ada <b>Lovelace</b>`) }).waitFor();
    await check(opened, 'notes');
    const [saved] = await Promise.all([opened.waitForEvent('download'), opened.getByRole('button', { name: 'Save as CSV of all notes' }).click()]);
    assert.match(await new Response(await saved.createReadStream()).text(), /"Grace, Hopper"/);
    await opened.keyboard.press('/');
    await opened.keyboard.type('lovelace');
    await opened.getByRole('option', { name: serials[0] }).click();
    await opened.getByRole('heading', { name: serials[0], level: 1 }).waitFor();
  });
});

describe('trouble', () => {
  test('a large file dropped by mistake is told so at once', async () => {
    const opened = await page();
    await opened.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
      }).observe({ type: 'longtask' });
    });
    await drop(opened.locator('main')).setInputFiles(world.largeFile('holiday.mov', 40_000_000));
    const dialog = opened.getByRole('dialog');
    await dialog.getByRole('alert').getByText('holiday.mov has 40.0 MB, and the server takes 7 MB').waitFor();
    await screenshot(opened, 'csv-too-large');
    await check(opened, 'a large file');
    // axe itself works long, so this is asked of what went before: at no time was a hand without an answer.
    assert.ok((await opened.evaluate(() => globalThis.longest)) < 2000);
    await drop(dialog).setInputFiles(file('good.csv', `${serials[0]}\n`));
    await dialog.getByRole('strong').getByText('good.csv').waitFor();
    assert.equal(await dialog.getByRole('alert').count(), 0);
  });

  test('a preview of what the form said before is not shown', async () => {
    await world.call('PUT', '/api/v1/lists/slow', { csv: `${serials[0]}\n` });
    const opened = await page();
    let answer; // lets the server's answer to the first preview through
    const isAnswered = new Promise((resolve) => (answer = resolve));
    await opened.route('**/api/v1/lists/slow?*', async (route) => (await isAnswered, route.continue()), { times: 1 });
    await opened.getByRole('button', { name: 'Change slow' }).click();
    const dialog = opened.getByRole('dialog');
    await Promise.all([
      opened.waitForRequest('**/api/v1/lists/slow?*'),
      drop(dialog).setInputFiles(file('more.csv', `${serials[1]}\n`)),
    ]);
    await dialog.getByRole('radio', { name: 'These are added to it' }).check();
    const replaced = opened.waitForResponse('**/api/v1/lists/slow?*');
    answer();
    await (await replaced).finished();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('1 serial number added; slow has 2 serial numbers').waitFor();
  });

  test('a list that somebody else changed meanwhile is looked at again', async () => {
    await world.call('PUT', '/api/v1/lists/shared', { csv: `${serials[0]}\n` });
    const opened = await page();
    await opened.getByRole('button', { name: 'Change shared' }).click();
    const dialog = opened.getByRole('dialog');
    await drop(dialog).setInputFiles(file('mine.csv', `${serials[1]}\n`));
    await dialog.getByRole('radio', { name: 'These are added to it' }).check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('shared has 2 serial numbers').waitFor();
    await world.call('PUT', '/api/v1/lists/shared', { csv: `${serials[2]}\n`, mode: 'add' });
    await dialog.getByRole('button', { name: /^Save/ }).click();
    await dialog.getByRole('button', { name: 'Look at the list as it is now' }).click();
    await dialog.getByText('shared has 3 serial numbers').waitFor();
    await dialog.getByRole('button', { name: /^Save/ }).click();
    await opened.getByRole('row', { name: /^shared 3/ }).waitFor();
  });

  test('a key that may only read sees no place to drop a file', async () => {
    const opened = await page(await world.newKey('reader', { role: 'read', accounts: ['default'] }));
    await opened.getByRole('heading', { name: 'Notes', level: 2 }).waitFor();
    assert.equal(await opened.getByLabel(/^Drop a CSV/).count(), 0);
    assert.equal(await opened.getByRole('button', { name: /^(Change|Remove)/ }).count(), 0);
  });

  test('a session that is over asks to sign in again, and the file is still there', async () => {
    const key = await world.newKey('brief', { role: 'operator' });
    const opened = await page(key);
    await drop(opened.locator('main')).setInputFiles(file('kept.csv', `${serials[0]}\n`));
    const dialog = opened.getByRole('dialog', { name: 'Rows of a file' });
    await dialog.getByLabel('Name of the list').fill('kept');
    await opened.context().clearCookies();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    const signIn = opened.getByRole('dialog', { name: 'Sign in again' });
    await signIn.getByText('Your session is over. What you typed is still there.').waitFor();
    await signIn.getByLabel('API key').fill(key);
    await opened.keyboard.press('Enter');
    await signIn.waitFor({ state: 'hidden' });
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: 'Save: 0 devices change' }).click();
    await opened.getByRole('row', { name: /^kept 1/ }).waitFor();
  });
});
