// A school's admin on the first day: from an account without a token to a device that has its profile, and why. By hand alone, and
// with few clicks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check, flagKey, screenshot, until, World } from './world.mjs';

const mostClicks = 40;
let world;

before(async () => {
  world = await World.start({ accounts: 'default,school' });
  await world.portal('POST', 'devices/add', { account: 'school', count: 25 });
});
after(() => world?.stop());

/** A hand with a mouse, which counts: a choice from a list, and of a file, takes two. */
class Hand {
  clicks = 0;
  async click(what) {
    this.clicks += 1;
    await what.click();
  }
  async write(where, text) {
    await this.click(where);
    await where.fill(text);
  }
  async choose(where, option) {
    this.clicks += 2;
    await where.selectOption(option);
  }
  async give(where, file) {
    this.clicks += 2;
    await where.setInputFiles(file);
  }
}

test(`an account is connected, a profile and two rules are made, and a device says why, in ${mostClicks} clicks`, async () => {
  const hand = new Hand();
  const page = await world.page();
  const dialog = page.getByRole('dialog');
  const button = (name, where = page) => where.getByRole('button', { name });
  const menu = (name) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });
  await page.goto(world.url);
  await hand.write(page.getByLabel('API key'), flagKey);
  await hand.click(button('Sign in'));

  await hand.click(menu('Accounts'));
  await hand.click(button('New account'));
  await hand.write(page.getByLabel('Name'), 'school');
  await hand.click(button('Create'));
  const [download] = await Promise.all([page.waitForEvent('download'), hand.click(button('Save muster-school.pem', dialog))]);
  const certificate = await new Response(await download.createReadStream()).text();
  const token = await fetch(`${world.apple}/control/accounts/school/token`, { method: 'POST', body: certificate });
  await hand.give(dialog.getByLabel('Drop the .p7m file here'), {
    name: 'school_Token_smime.p7m', mimeType: 'application/pkcs7-mime', buffer: Buffer.from(await token.arrayBuffer()),
  });
  await dialog.getByText('Apple accepts the token').waitFor();
  await hand.click(button('Close', dialog));
  await until('its devices', async () => (await world.account('school')).devices === 25);

  await hand.choose(page.getByLabel('Account', { exact: true }), 'school');
  await hand.click(menu('Profiles'));
  await hand.click(button('New profile'));
  await hand.write(page.getByRole('textbox', { name: 'Name', exact: true }), 'Classroom');
  await hand.write(page.getByRole('textbox', { name: 'Address at which devices enroll' }), 'https://mdm.school.example/enroll');
  await hand.click(page.getByRole('checkbox', { name: /^Siri/ }));
  await hand.click(button('Preview'));
  await hand.click(button(/^Define: 0 devices change/, dialog));
  await page.getByRole('heading', { name: 'Classroom', level: 1 }).waitFor();

  await hand.click(menu('Rules'));
  for (const [filter, name, scope] of [
    ['family = iPad', 'classroom iPads', 'Also existing devices without a profile'],
    ['*', 'everything else', undefined],
  ]) {
    await hand.click(button('New rule'));
    await hand.write(dialog.getByRole('combobox', { name: 'Devices that it covers' }), filter);
    await page.keyboard.press('Tab'); // no completion
    await hand.write(dialog.getByLabel('Name'), name);
    if (scope) await hand.click(dialog.getByLabel(scope));
    await hand.click(button('Preview', dialog));
    await dialog.getByRole('region', { name: 'What would change' }).waitFor();
    await hand.click(button(/^Save: \d+ devices? change/, dialog));
    await page.getByRole('heading', { name, exact: true }).waitFor();
  }

  const serial = 'F17CLASS001';
  await world.portal('POST', 'devices/add', { account: 'school', serials: [serial], family: 'iPad' });
  await hand.click(menu('Overview'));
  await hand.click(button('Sync now the account school'));
  await until('Apple to have it', async () => (await world.portal('GET', `devices/${serial}`)).profile_uuid);

  await hand.write(page.getByLabel('Find devices'), 'class001');
  await hand.click(page.getByRole('option', { name: serial }));
  await page.getByText('The rule “classroom iPads” decided.').waitFor();
  await page.getByText('Classroom').first().waitFor();
  await screenshot(page, 'journey');
  await check(page, 'the end of the journey');
  console.log(`${hand.clicks} clicks`);
  assert.ok(hand.clicks <= mostClicks, `it takes ${hand.clicks} clicks`);
});
