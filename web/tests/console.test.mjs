// The console as somebody uses it: a real browser, the real server, and a simulated Apple. With MUSTER_CONSOLE_DEVICES=100000 the account
// is as large as `./dev nightly` has it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check, checkViews, flagKey, isAsWideAsTheWindow, screenshot, until, views, World } from './world.mjs';

const devices = Number(process.env.MUSTER_CONSOLE_DEVICES ?? 1500);
const markup = '<img src=x onerror="document.title=\'taken\'">';

// A quarter of a year: few devices arrive on weekends, and once Apple was out of order.
const daysBefore = `
day = 24 * 3600 * 1000
today = int(time.time() * 1000) // day * day
account = db.execute("SELECT id FROM account WHERE name = 'default'").fetchone()[0]
for back in range(1, 90):
  at = today - back * day
  arrived = (0 if back % 7 < 2 else 3 + back * 37 % 29) + (240 if back == 41 else 0)
  fails = 310 if back == 23 else 0
  db.execute("INSERT INTO day_count (account, day, arrived, assigned, calls, failed_calls, paused) VALUES (?, ?, ?, ?, ?, ?, ?)",
             (account, at, arrived, max(arrived - back % 3, 0), 722 + arrived // 2 + fails, fails, 1200000 if fails else 30000 * (back % 11 == 0)))`;

let world;
let iPads, macs; // UUIDs

before(async () => {
  world = await World.start({ devices, accounts: 'default,school' });
  await world.call('PUT', '/api/v1/accounts/lab', {});
  iPads = await world.profile('iPads');
  macs = await world.profile('Macs');
  await world.call('PUT', '/api/v1/rules', { filter: 'family = iPad', name: 'ipads', profile_name: 'iPads' });
  await world.portal('POST', 'devices/add', {
    devices: [
      { serial_number: 'C02MARKUP1', device_family: 'iPad', model: markup, description: markup, color: markup, asset_tag: markup },
    ],
  });
  await world.portal('POST', 'devices/add', { serials: ['F17WAITING1', 'F17WAITING2'], family: 'iPad' });
  await world.sync();
  await until('the arrivals', async () => (await world.account()).devices === devices + 3);
  await world.changeDatabase(daysBefore);
});
after(() => world?.stop());

const row = (page, serial) => page.getByRole('row').filter({ hasText: serial });
const filterWith = async (page, filter) => {
  await page.getByRole('combobox', { name: 'Filter' }).fill(filter);
  await page.keyboard.press('Escape'); // no completion
  await page.keyboard.press('Enter');
};

describe('signing in', () => {
  test('a wrong key is refused with a reason, and a right one opens the overview', async () => {
    const page = await world.page();
    await page.goto(world.url);
    await page.getByLabel('API key').fill('mst_wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('the API key is damaged').waitFor();
    await screenshot(page, 'sign-in-refused');
    await check(page, 'sign in');
    await page.getByLabel('API key').fill(flagKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('scripts of the page see neither the key nor the cookie', async () => {
    const page = await world.signedIn();
    const seen = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href]));
    assert.equal(seen.includes(flagKey), false, seen);
    assert.equal(seen.includes('muster_session'), false, seen);
    const [cookie] = await page.context().cookies();
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Strict');
  });

  test('after signing out the cookie is worth nothing', async () => {
    const page = await world.signedIn();
    const [{ name, value }] = await page.context().cookies();
    const copied = { headers: { Cookie: `${name}=${value}` } }; // by somebody else
    const stream = await fetch(`${world.url}/api/v1/events`, copied);
    assert.equal(stream.status, 200);
    let isOver = false;
    void stream.text().then(() => (isOver = true));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    assert.equal((await fetch(`${world.url}/api/v1/accounts`, copied)).status, 401);
    await until('the stream of events to end', () => isOver);
  });
});

describe('every page', () => {
  const pages = [
    ['overview', '#/overview', 'Overview'],
    ['devices', '#/devices?account=default', 'Devices'],
    ['device', '#/device/default/F17WAITING1', 'F17WAITING1'],
    ['rules', '#/rules?account=default', 'Rules'],
    ['profiles', '#/profiles?account=default', 'Profiles'],
    ['lists', '#/lists?account=default', 'Lists and notes'],
    ['accounts', '#/accounts', 'Accounts'],
    ['webhooks', '#/webhooks', 'Webhooks'],
    ['audit', '#/audit', 'Audit'],
    ['keys', '#/keys', 'Keys'],
    ['missing', '#/nonsense', 'There is no page'],
  ];
  for (const [view, options] of views)
    test(`has no fault that axe-core finds, and fits: ${view}`, async () => {
      const page = await world.signedIn(options);
      for (const [name, address, heading] of pages) {
        await page.goto(`${world.url}/${address}`);
        await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
        if (name === 'devices') await page.getByRole('row').nth(2).getByRole('link').waitFor();
        if (name === 'device') await page.getByRole('heading', { name: 'What Apple knows' }).waitFor();
        if (name === 'rules') await page.getByText('covered by no rule').waitFor();
        if (name === 'profiles') await page.getByRole('link', { name: 'Macs' }).waitFor();
        if (name === 'lists') await page.getByText('There is no note yet').waitFor();
        if (name === 'webhooks') await page.getByText('No messages are accepted').waitFor();
        if (name === 'audit') await page.getByRole('cell', { name: 'profile.defined' }).first().waitFor();
        if (name === 'overview') await page.getByText('taken by the device').or(page.getByText('Pushed')).first().waitFor();
        await check(page, `${name}, ${view}`);
        assert.equal(await isAsWideAsTheWindow(page), true, `${name} is wider than the window: ${view}`);
        await screenshot(page, `${name}-${view}`);
      }
    });
});

describe('is everything fine?', () => {
  test('the overview shows arrivals by itself, and who needs somebody comes first', async () => {
    const page = await world.signedIn();
    const first = page.getByRole('article').first();
    await first.getByText('Not connected').waitFor(); // the account without a token, and what to do
    await first.getByRole('link', { name: 'Connect to Apple' }).click();
    await page.getByRole('dialog', { name: 'Connect lab' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Overview' }).click();
    const article = page.getByRole('article').filter({ hasText: 'default' });
    const count = (await world.account()).devices;
    await article.getByRole('link', { name: `${count.toLocaleString('en')} devices` }).waitFor();
    await world.portal('POST', 'devices/add', { serials: ['C02LIVE0001'], family: 'Mac' });
    await article.getByRole('button', { name: 'Sync now' }).click();
    await article.getByRole('link', { name: `${(count + 1).toLocaleString('en')} devices` }).waitFor();
    await article.getByRole('link', { name: /without a rule/ }).click();
    await row(page, 'C02LIVE0001').waitFor();
    await check(page, 'overview');
  });
});

describe('what happened in the last 90 days?', () => {
  const chart = (page, title) => page.getByRole('img', { name: title });
  test('charts have the values of the day under the pointer, and a table has all of them', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/overview?account=default`);
    await chart(page, /^Arrived: [\d,]+ devices; the most on a day is 2\d\d$/).waitFor();
    const calls = chart(page, /^Calls to Apple: [\d,]+, 310 failed; the most on a day is 1,0\d\d$/);
    await chart(page, /^Waits that Apple asked for: 24 min; the most on a day is 20 min$/).waitFor();
    const { width } = await calls.boundingBox();
    await calls.hover({ position: { x: width - (width / 90) * 23.5, y: 40 } });
    await page.getByText('310 of them failed').waitFor();
    await page.getByText('waited 20 min').waitFor();
    await check(page, 'charts');
    await page.getByText('As a table').click();
    const table = page.getByRole('region', { name: 'What happened on each day' });
    await until('all days', async () => [90, 91].includes(await table.getByRole('row').count())); // one may be today's
    await table.getByRole('row').filter({ hasText: '20 min' }).getByRole('cell', { name: '310' }).waitFor();
    await page.locator('section').filter({ has: page.getByRole('heading', { name: /^The last 90 days/ }) }).scrollIntoViewIfNeeded();
    await checkViews(page, 'overview-days');
  });

  test('each account has them on its page', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/accounts`);
    await page.getByRole('article', { name: 'default' }).getByText('The last 90 days').click();
    await chart(page, /^Assigned: [\d,]+ devices/).waitFor();
    await checkViews(page, 'account-days');
  });
});

describe('which devices, and where is mine?', () => {
  test('the table goes to any row with the keyboard alone', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/devices?account=default`);
    const { devices: all } = await world.call('GET', '/api/v1/devices?limit=1000');
    await row(page, all[0].serial_number).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    const table = page.getByRole('grid', { name: 'Devices' });
    const total = (await world.account()).devices;
    await until('all rows to be counted', async () => (await table.getAttribute('aria-rowcount')) === String(total + 1));
    await page.keyboard.press('End');
    const last = await world.call('GET', `/api/v1/devices?limit=1&cursor=${await beforeLast(total)}`);
    await row(page, last.devices[0].serial_number).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: last.devices[0].serial_number, level: 1 }).waitFor();
    assert.ok((await page.locator('[role=row]').count()) < 100);
    await check(page, 'devices');
  });
  // The cursor behind which one device is left.
  async function beforeLast(total) {
    let cursor = '', read = 0, page;
    do {
      page = await world.call('GET', `/api/v1/devices?limit=1000${cursor && `&cursor=${cursor}`}`);
      read += page.devices.length;
      if (read >= total - 1 && page.devices.length > 1) return page.devices[page.devices.length - 2].serial_number;
      cursor = page.next_cursor;
    } while (cursor);
  }

  test('a filter completes, says where it is wrong, and is in the address', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/devices?account=default`);
    // The names of the lists, which a filter can have, come when an option is chosen already.
    let answerLists;
    const arrowPressed = new Promise((resolve) => (answerLists = resolve));
    await page.route('**/api/v1/lists?*', async (route) => {
      await arrowPressed;
      await route.continue();
    });
    const field = page.getByRole('combobox', { name: 'Filter' });
    await field.pressSequentially('fam');
    await page.getByRole('option', { name: 'family' }).waitFor();
    await page.keyboard.press('ArrowDown');
    const listsCame = page.waitForResponse((response) => response.url().includes('/api/v1/lists?'));
    answerLists();
    await (await listsCame).finished();
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), 'family ');
    await filterWith(page, 'family iPad');
    await page.getByRole('alert').getByText(/^column 8 of the filter/).waitFor();
    assert.equal(await page.locator('mark').innerText(), 'i');
    await screenshot(page, 'devices-wrong-filter');
    await check(page, 'wrong filter');
    await filterWith(page, 'serial ~ F17WAITING*');
    await page.getByText('2 devices match').waitFor();
    await page.reload();
    await page.getByText('2 devices match').waitFor();
    assert.equal(await field.inputValue(), 'serial ~ F17WAITING*');
  });

  test('"/" searches for a part of a serial number, and for a pasted list', async () => {
    const page = await world.signedIn();
    await page.keyboard.press('/');
    await page.keyboard.type('waiting1');
    await page.getByRole('option', { name: 'F17WAITING1' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'F17WAITING1', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text', 'F17WAITING1\nF17WAITING2\nC02MARKUP1\n');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.keyboard.press('Enter');
    await page.getByText('3 devices match').waitFor();
    await check(page, 'search');
  });

  test('text of Apple is text', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/device/default/C02MARKUP1`);
    await page.getByRole('heading', { name: 'What Apple knows' }).waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    assert.ok((await page.locator('main').innerText()).includes(markup));
    assert.match(await page.title(), /^C02MARKUP1/);
    await page.goto(`${world.url}/#/devices?filter=${encodeURIComponent('serial = C02MARKUP1')}`);
    await row(page, 'C02MARKUP1').waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    await check(page, 'markup');
  });

  test('devices that are selected get a profile at Apple', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/devices?account=default&filter=${encodeURIComponent('serial ~ F17WAITING*')}`);
    await row(page, 'F17WAITING1').focus();
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await page.getByText('2 devices selected').waitFor();
    await page.getByRole('button', { name: 'Assign a profile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Profile').selectOption({ label: 'Macs (version 1)' });
    await dialog.getByText('2 devices change').first().waitFor();
    await screenshot(page, 'devices-assign');
    await check(page, 'assign');
    await dialog.getByRole('button', { name: /^Assign Macs/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until('Apple to have it', async () => (await world.portal('GET', 'devices/F17WAITING2')).profile_uuid === macs);
  });

  test('the filtered devices can be saved as CSV', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/devices?account=default&filter=${encodeURIComponent('serial ~ F17WAITING*')}`);
    await page.getByText('2 devices match').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
    const text = await new Response(await download.createReadStream()).text();
    assert.match(text, /^serial_number,model,/);
    assert.equal(text.trim().split('\r\n').length, 3);
  });
});

describe('why does it have this profile?', () => {
  test('the device names the rule, can be held and released, and asked at Apple', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/device/default/C02MARKUP1`);
    await page.getByText('The rule “ipads” decided.').waitFor();
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('heading', { name: 'On hold' }).waitFor();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('The rule “ipads” decided.').waitFor();
    await page.getByRole('button', { name: 'Check with Apple now' }).click();
    await page.getByText('Apple just said').waitFor();
    await check(page, 'device');
  });

  test('a device that nobody knows is told so', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/device/default/C02NOWHERE1`);
    await page.getByRole('alert').getByText('C02NOWHERE1').waitFor();
  });
});

describe('what happens if?', () => {
  test('a rule shows its plan before it is saved, and gives arrivals its profile', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/rules?account=default`);
    await page.getByRole('button', { name: 'New rule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Devices that it covers' }).fill('serial ~ C02RULE*');
    await dialog.getByLabel('Profile that it gives').selectOption('Macs');
    await dialog.getByLabel('Name').fill('by the console');
    await dialog.getByLabel('Priority').fill('5');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('No device changes').waitFor();
    await check(page, 'plan of a rule');
    await dialog.getByRole('button', { name: 'Save: 0 devices change' }).click();
    await page.getByRole('heading', { name: 'by the console' }).waitFor();
    await world.portal('POST', 'devices/add', { serials: ['C02RULE0001'] });
    await world.sync();
    await until('Apple to have it', async () => (await world.portal('GET', 'devices/C02RULE0001')).profile_uuid === macs);
    await page.getByRole('listitem').filter({ hasText: 'by the console' }).getByText('Covers').waitFor();
  });

  test('a change reaches existing devices, and no more of them than the preview said', async () => {
    await world.call('PUT', '/api/v1/rules', { filter: 'serial ~ F17WAITING*', name: 'waiting', profile_name: 'iPads', priority: 3 });
    await world.call('DELETE', '/v1/dep/profiles', { serials: ['F17WAITING1', 'F17WAITING2'] });
    await world.call('DELETE', '/api/v1/holds', { serials: ['F17WAITING1', 'F17WAITING2'] });
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/rules?account=default`);
    await page.getByRole('button', { name: 'Edit waiting' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Profile that it gives').selectOption('Macs');
    await dialog.getByLabel('Also existing devices with another profile').check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: /^Save: \d+ devices? change/ }).waitFor();
    await screenshot(page, 'rule-plan');
    await dialog.getByRole('button', { name: /^Save: \d+ devices? change/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until('Apple to have it', async () => (await world.portal('GET', 'devices/F17WAITING1')).profile_uuid === macs);
  });

  test('what somebody else saved meanwhile is shown beside, and nothing typed is lost', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/rules?account=default`);
    await page.getByRole('button', { name: 'Edit ipads' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Priority').fill('70');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: /^Save/ }).waitFor();
    await world.call('PUT', '/api/v1/rules', { name: 'ipads', priority: 60 });
    await dialog.getByRole('button', { name: /^Save/ }).click();
    await dialog.getByText('Saved meanwhile').waitFor();
    await dialog.getByText('priority 60').waitFor();
    await screenshot(page, 'rule-conflict');
    await check(page, 'conflict');
    assert.equal(await dialog.getByLabel('Priority').inputValue(), '70');
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: /^Save/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { rules } = await world.call('GET', '/api/v1/rules');
    assert.equal(rules.find((rule) => rule.name === 'ipads').priority, 70);
  });

  test('rules are moved with the keyboard, and removed with a preview', async () => {
    await world.call('PUT', '/api/v1/rules', { filter: 'family = AppleTV', name: 'last', no_profile: true, priority: 500 });
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/rules?account=default`);
    await page.getByRole('button', { name: 'Up last' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Move/ });
    await dialog.getByRole('button', { name: /^Save/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    const order = (await world.call('GET', '/api/v1/rules')).rules.map((rule) => rule.name);
    assert.equal(order.indexOf('last'), order.length - 2, order.join());
    await page.getByRole('button', { name: 'Remove last' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Remove:/ }).click();
    await page.getByRole('heading', { name: 'last', exact: true }).waitFor({ state: 'hidden' });
    assert.equal((await world.call('GET', '/api/v1/rules')).rules.some((rule) => rule.name === 'last'), false);
  });
});

describe('how do I connect Apple?', () => {
  test('three steps in the portal, and the devices come', async () => {
    await world.portal('POST', 'devices/add', { account: 'school', count: 5 });
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/accounts`);
    await page.getByRole('button', { name: 'Connect to Apple of lab' }).click();
    const dialog = page.getByRole('dialog');
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: /^Save muster-lab/ }).click()]);
    const certificate = await new Response(await download.createReadStream()).text();
    assert.match(certificate, /^-----BEGIN CERTIFICATE-----/);
    await screenshot(page, 'connect');
    await check(page, 'connect');
    const drop = dialog.getByLabel('Drop the .p7m file here');
    await drop.setInputFiles(world.largeFile('holiday.mov', 40_000_000));
    await dialog.getByRole('alert').getByText('holiday.mov has 40.0 MB').waitFor();
    await drop.setInputFiles({ name: 'notes.p7m', mimeType: 'application/pkcs7-mime', buffer: Buffer.from('no token') });
    await until('another reason', async () => !(await dialog.getByRole('alert').innerText()).includes('holiday'));
    const token = await fetch(`${world.apple}/control/accounts/school/token`, { method: 'POST', body: certificate });
    await drop.setInputFiles({ name: 'token.p7m', mimeType: 'application/pkcs7-mime', buffer: Buffer.from(await token.arrayBuffer()) });
    await dialog.getByText('Apple accepts the token').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await until('its devices', async () => (await world.account('lab')).devices === 5);
  });

  test('an account is paused, resumed, and removed by its name', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/accounts`);
    await page.getByRole('button', { name: 'New account' }).click();
    await page.getByLabel('Name').fill('spare');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Connect spare' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Pause default' }).click();
    await page.getByRole('button', { name: 'Resume default' }).click();
    await page.getByRole('button', { name: 'Pause default' }).waitFor();
    const inherit = page.getByRole('checkbox', { name: /^A replacement takes over .* in default$/ });
    await inherit.check();
    await until('replacements inherit', async () => (await world.account('default')).inherit_replacements);
    await inherit.uncheck();
    await until('replacements do not', async () => !(await world.account('default')).inherit_replacements);
    await page.getByRole('button', { name: 'Remove spare' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Remove the account' });
    assert.equal(await remove.isDisabled(), true);
    await dialog.getByLabel('Type spare').fill('spare');
    await remove.click();
    await page.getByRole('heading', { name: 'spare', exact: true }).waitFor({ state: 'hidden' });
    await check(page, 'accounts');
  });
});

describe('who did that, and who may do what?', () => {
  test('a key is made, shown once, and revoked; the audit says so', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/keys`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ann');
    await page.getByRole('radio', { name: 'read' }).check();
    await page.getByRole('button', { name: 'Create the key' }).click();
    const text = await page.getByRole('dialog').getByText(/^mst_/).innerText();
    await check(page, 'a new key');
    const mine = await fetch(`${world.url}/api/v1/session`, { headers: { Authorization: `Bearer ${text}` } });
    assert.equal((await mine.json()).role, 'read');
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal((await page.content()).includes(text), false);
    await page.getByRole('button', { name: 'Revoke ann' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke ann' }).waitFor({ state: 'hidden' });
    await page.goto(`${world.url}/#/audit`);
    await page.getByLabel('What').fill('key');
    await page.keyboard.press('Enter');
    await page.getByRole('row').filter({ hasText: 'key.removed' }).filter({ hasText: 'ann' }).waitFor();
    await page.getByRole('cell', { name: 'rule.saved' }).first().waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/are unchanged/).waitFor();
    await check(page, 'audit');
  });
});

describe('trouble', () => {
  test('a key that may only read sees no action', async () => {
    const key = await world.newKey('reader', { role: 'read', accounts: ['default'] });
    const page = await world.signedIn({}, key);
    assert.equal(await page.getByRole('button', { name: 'Sync now' }).count(), 0);
    await page.goto(`${world.url}/#/devices`);
    await row(page, 'F17WAITING1').or(page.getByRole('row').nth(1)).first().waitFor();
    assert.equal(await page.getByRole('checkbox').count(), 0);
    await page.goto(`${world.url}/#/device/default/F17WAITING1`);
    await page.getByRole('heading', { name: 'What Apple knows' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Hold' }).count(), 0);
    await check(page, 'read only');
    for (const closed of ['webhooks', 'keys']) {
      await page.goto(`${world.url}/#/${closed}`);
      await page.getByText('This page needs a key with the role admin for all accounts').waitFor();
      assert.equal(await page.getByRole('main').getByRole('button').count(), 0);
    }
    await check(page, 'a page for others');
  });

  test('a key that is revoked asks to sign in again, and loses nothing', async () => {
    const key = await world.newKey('short', { role: 'operator' });
    const page = await world.signedIn({}, key);
    await page.goto(`${world.url}/#/devices?account=default`);
    await page.getByRole('combobox', { name: 'Filter' }).fill('serial ~ F17*');
    await page.keyboard.press('Escape');
    await world.call('DELETE', '/api/v1/keys/short');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByText('You are signed out').waitFor();
    await screenshot(page, 'signed-out');
    await check(page, 'signed out');
    await dialog.getByLabel('API key').fill(flagKey);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'serial ~ F17*');
  });

  test('a server that is gone is told in one line, and found again', async () => {
    const page = await world.signedIn();
    await page.goto(`${world.url}/#/device/default/F17WAITING1`);
    await page.getByRole('button', { name: 'Hold' }).waitFor();
    const start = await world.restartServer();
    await page.getByText('The server does not answer. What you see may be out of date').waitFor();
    await page.getByRole('button', { name: 'Hold' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Hold' }).click();
    await dialog.getByRole('alert').getByText('It may have done what you asked, or not').waitFor();
    await screenshot(page, 'server-gone');
    await start();
    await page.getByText('What you see may be out of date').waitFor({ state: 'hidden' });
    await dialog.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('heading', { name: 'On hold' }).waitFor();
    await check(page, 'server is back');
  });
});
