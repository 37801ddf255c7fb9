// The page of profiles, from the first letter to the effect at Apple.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check, checkViews, screenshot, until, World } from './world.mjs';

const markup = '<img src=x onerror="document.title=\'taken\'">';
let world;
let first; // UUID of the first version of Room 12

before(async () => {
  world = await World.start({ devices: 30 });
  await world.call('PUT', '/api/v1/accounts/lab', {});
  first = await world.profile('Room 12', { department: 'Physics', skip_setup_items: ['Siri', 'TOS'] });
  await world.call('PUT', '/api/v1/rules', { filter: 'serial ~ F17*', name: 'room', profile_name: 'Room 12', scope: 'all' });
  await world.portal('POST', 'devices/add', { serials: ['F17ROOM0001', 'F17ROOM0002'], family: 'iPad' });
  await world.sync();
  await until('Apple to have it', async () => (await world.portal('GET', 'devices/F17ROOM0002')).profile_uuid === first);
});
after(() => world?.stop());

const open = async (page, place = '') => page.goto(`${world.url}/#/profiles${place}`);
const profileOf = async (serial) => (await world.portal('GET', `devices/${serial}`)).profile_uuid;

describe('which profiles exist?', () => {
  test('a profile is written by fields, with findings where they belong, and defined', async () => {
    const page = await world.signedIn();
    await open(page, '?account=default');
    await page.getByRole('button', { name: 'New profile' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Lab');
    const url = page.getByRole('textbox', { name: 'Address at which devices enroll' });
    await url.fill('mdm.example.org/enroll');
    await page.locator('#profile-url-hint').getByText('is not a whole address').waitFor();
    await page.getByRole('region', { name: 'Findings' }).getByText('1 error').waitFor();
    assert.equal(await url.getAttribute('aria-invalid'), 'true');
    await checkViews(page, 'profile-editor');
    await url.fill('https://mdm.example.org/enroll');
    await page.getByText('Muster has found no problem').waitFor();
    await page.getByLabel('Find a screen').fill('siri');
    await page.getByRole('checkbox', { name: 'Siri' }).check();
    const json = page.getByRole('textbox', { name: 'The profile as JSON' });
    const whole = await json.inputValue();
    assert.deepEqual(JSON.parse(whole).skip_setup_items, ['Siri']);
    await json.fill(whole.replace('"Lab",', '"Lab"'));
    await page.getByText('The fields come back').waitFor();
    await page.getByRole('button', { name: /^Go to line 3/ }).click();
    assert.equal(await json.evaluate((field) => field.value.slice(0, field.selectionStart).split('\n').length), 3);
    await json.fill(whole.replace('"Lab",', '"Lab",\n  "departmant": "IT",'));
    await page.getByText('Did you mean "department"?').waitFor();
    await json.fill(whole);
    await page.getByRole('button', { name: 'Preview' }).click();
    const dialog = page.getByRole('dialog', { name: 'Define the profile “Lab”' });
    await dialog.getByText('No device changes').waitFor();
    await check(page, 'preview of a profile');
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await page.getByRole('heading', { name: 'Lab', level: 1 }).waitFor();
    const { document, version } = await world.call('GET', '/api/v1/profiles/Lab');
    assert.equal(version, 1);
    assert.deepEqual(document, JSON.parse(whole));
  });

  test('a new version shows whom it moves, its difference, and the way back', async () => {
    const page = await world.signedIn();
    await open(page, '/Room%2012?account=default');
    await page.getByRole('button', { name: 'New version' }).click();
    assert.equal(await page.getByRole('button', { name: 'Preview' }).isDisabled(), true);
    await page.getByRole('textbox', { name: 'Department' }).fill('Chemistry');
    await page.getByRole('checkbox', { name: 'Siri', exact: false }).uncheck();
    await page.getByRole('button', { name: 'Preview' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 keys differ').waitFor();
    await dialog.getByRole('button', { name: 'Define: 2 devices change' }).waitFor();
    await screenshot(page, 'profile-preview');
    await check(page, 'preview of a version');
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await page.getByRole('heading', { name: 'What differs' }).waitFor();
    const differences = page.getByRole('region', { name: 'What differs' });
    await differences.getByRole('row', { name: /department Physics Chemistry/ }).waitFor();
    await differences.getByRole('row', { name: /skip_setup_items/ }).getByText('Siri').waitFor();
    const { profile_uuid: second } = await world.call('GET', '/api/v1/profiles/Room%2012');
    await until('Apple to have version 2', async () => (await profileOf('F17ROOM0001')) === second);
    await world.sync(); // Apple's list counts
    await until('the page to say so', async () => (await page.getByRole('row', { name: /^current 2 2/ }).count()) === 1);
    await checkViews(page, 'profile');

    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await dialog.getByRole('button', { name: 'Roll back: 2 devices change' }).click();
    await page.getByRole('row', { name: /^current 1/ }).waitFor();
    await until('Apple to have version 1', async () => (await profileOf('F17ROOM0001')) === first);
  });

  test('devices that have another version are moved, with a preview', async () => {
    const other = await world.profile('Moved');
    await world.call('POST', '/v1/dep/assign', { id: other, serials: [(await world.devices(1))[0].serial_number] });
    const current = await world.profile('Moved', { department: 'IT' });
    await world.sync();
    const page = await world.signedIn();
    await open(page, '/Moved?account=default');
    await page.getByRole('button', { name: 'Move 1 device to version 2…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Move: 1 device changes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { serial_number: serial } = (await world.devices(1))[0];
    await until('Apple to have it', async () => (await profileOf(serial)) === current);
  });

  test('a name that is markup is text', async () => {
    await world.profile(markup);
    const page = await world.signedIn();
    await open(page, '?account=default');
    await page.getByRole('link', { name: markup }).click();
    await page.getByRole('heading', { name: markup, level: 1 }).waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    assert.match(await page.title(), /Profiles · Muster$/);
    await check(page, 'markup');
  });
});

describe('trouble', () => {
  test('what somebody else defined meanwhile is shown beside, and nothing typed is lost', async () => {
    await world.profile('Shared', { department: 'One' });
    const page = await world.signedIn();
    await open(page, '/Shared?account=default&edit=1');
    const department = page.getByRole('textbox', { name: 'Department' });
    await department.fill('Mine');
    await page.getByRole('button', { name: 'Preview' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Define/ }).waitFor();
    await until('the preview', async () => !(await dialog.getByRole('button', { name: /^Define/ }).isDisabled()));
    await world.profile('Shared', { department: 'Theirs' });
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await dialog.getByRole('button', { name: 'Show what was saved meanwhile' }).click();
    await page.getByRole('heading', { name: /^Version 2 was defined meanwhile/ }).waitFor();
    await page.getByRole('row', { name: /department Theirs Mine/ }).waitFor();
    await screenshot(page, 'profile-conflict');
    await check(page, 'conflict');
    assert.equal(await department.inputValue(), 'Mine');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await until('the definition', async () => (await world.call('GET', '/api/v1/profiles/Shared')).document.department === 'Mine');
  });

  test('what is written stays while another page is open', async () => {
    const page = await world.signedIn();
    await open(page, '?account=default&new=1');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Half');
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Half');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('heading', { name: 'Profiles', level: 1 }).waitFor();
  });

  test('an account without a token leads to where it gets one', async () => {
    const page = await world.signedIn();
    await open(page, '?account=lab&new=1');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Lab');
    await page.getByRole('textbox', { name: 'Address at which' }).fill('https://mdm.example.org/enroll');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('alert').getByText('The account lab is not connected to Apple yet').waitFor();
    await screenshot(page, 'not-connected');
    await check(page, 'not connected');
    await page.getByRole('link', { name: 'Connect it' }).click();
    await page.getByRole('dialog', { name: 'Connect lab' }).waitFor();
  });

  test('a key that may only read sees no editor', async () => {
    const key = await world.newKey('reader', { role: 'read', accounts: ['default'] });
    const page = await world.signedIn({}, key);
    await open(page, '?account=default&new=1');
    await page.getByRole('heading', { name: 'Profiles', level: 1 }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'New profile' }).count(), 0);
    await open(page, '/Room%2012?account=default');
    await page.getByRole('heading', { name: 'Versions' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /New version|Roll back/ }).count(), 0);
  });

  test('a server that stops during a save loses nothing', async () => {
    const page = await world.signedIn();
    await open(page, '?account=default&new=1');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Survivor');
    await page.getByRole('textbox', { name: 'Address at which' }).fill('https://mdm.example.org/enroll');
    await page.getByRole('button', { name: 'Preview' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('No device changes').waitFor();
    const start = await world.restartServer();
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await dialog.getByRole('alert').getByText('It may have done what you asked, or not').waitFor();
    await check(page, 'server gone');
    await start();
    await page.getByText('What you see may be out of date').waitFor({ state: 'hidden' });
    await dialog.getByRole('button', { name: /^Define/ }).click();
    await page.getByRole('heading', { name: 'Survivor', level: 1 }).waitFor();
    assert.equal((await world.call('GET', '/api/v1/profiles/Survivor')).version, 1);
  });
});
