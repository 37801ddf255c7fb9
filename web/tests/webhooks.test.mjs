// Webhooks, with a receiver that listens: added, tried, at fault, paused, sent to again; and the secret of MDM servers.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { check, checkViews, screenshot, until, World } from './world.mjs';

/** Takes messages, or answers as it is told. */
class Receiver {
  messages = [];
  status = 204;
  text = '';
  async start() {
    this.server = createServer((request, answer) => {
      let body = '';
      request.on('data', (data) => (body += data));
      request.on('end', () => {
        if (this.status === 204) this.messages.push({ headers: request.headers, body, ...JSON.parse(body) });
        answer.writeHead(this.status).end(this.text);
      });
    });
    await new Promise((listens) => this.server.listen(0, '127.0.0.1', listens));
    this.url = `http://127.0.0.1:${this.server.address().port}/hook?token=hidden-in-the-url`;
  }
  answers(status, text = '') {
    this.status = status;
    this.text = text;
  }
  of(type) {
    return this.messages.filter((message) => message.type === type);
  }
  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let world, receiver;

before(async () => {
  receiver = new Receiver();
  await receiver.start();
  world = await World.start({ more: ['-webhook-allow-private'] });
});
after(async () => {
  receiver?.stop();
  await world?.stop();
});

async function open(page, rest = '') {
  await page.goto(`${world.url}/#/webhooks${rest}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
const webhook = async (name) => (await world.call('GET', '/api/v1/webhooks')).webhooks.find((one) => one.name === name);
let devices = 0;
async function arrive() {
  const serial_number = `C02HOOK${String(++devices).padStart(4, '0')}`;
  await world.portal('POST', 'devices/add', { devices: [{ serial_number, device_family: 'iPad' }] });
  await world.sync();
  return serial_number;
}
/** Of the dialog that shows it once. */
async function takeSecret(page, title) {
  const dialog = page.getByRole('dialog', { name: title });
  const secret = await dialog.locator('.text').innerText();
  await check(page, title);
  await page.keyboard.press('Escape'); // must not lose it
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await page.content()).includes(secret), false);
  return secret;
}
function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return headers['webhook-signature'].split(' ').includes(`v1,${expected}`);
}

describe('who is told what happens?', () => {
  test('a webhook is added, its secret shown once, and a test message is signed with it', async () => {
    const page = await world.signedIn();
    await open(page);
    await page.getByText('There is no webhook yet').waitFor();
    await check(page, 'no webhook');
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('inventory');
    await dialog.getByRole('textbox', { name: 'URL' }).fill(receiver.url);
    await dialog.getByRole('radio', { name: 'Only some topics' }).check();
    assert.equal(await dialog.getByRole('button', { name: 'Add the webhook' }).isDisabled(), true);
    await dialog.getByRole('checkbox', { name: 'device.gone' }).check();
    await dialog.getByRole('checkbox', { name: 'All of these device.*' }).check();
    assert.equal(await dialog.getByRole('checkbox', { name: 'device.arrived' }).isDisabled(), true);
    await checkViews(page, 'webhook-editor');
    await dialog.getByRole('button', { name: 'Add the webhook' }).click();
    const secret = await takeSecret(page, 'The secret of inventory');
    assert.deepEqual((await webhook('inventory')).topics, ['device.*']);

    await page.getByRole('link', { name: 'inventory' }).click();
    await page.getByRole('heading', { name: 'inventory', level: 1 }).waitFor();
    await page.getByText('Nothing was sent to it yet').waitFor();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('The receiver accepted the test message: it answered 204').waitFor();
    assert.equal(isSigned(receiver.of('webhook.test')[0], secret), true);
    assert.equal((await page.content()).includes('hidden-in-the-url'), false);

    const serial = await arrive();
    await until('the message', () => receiver.of('device.arrived').some((message) => message.body.includes(serial)));
    await page.getByRole('row').filter({ hasText: 'device.arrived' }).getByText('accepted, 204').waitFor(); // by itself
    await screenshot(page, 'webhook');
    await check(page, 'webhook');
  });

  test('a name that is taken, a wrong URL and a wrong topic are refused where they are', async () => {
    const page = await world.signedIn();
    await open(page);
    await page.getByRole('link', { name: 'inventory' }).waitFor();
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('inventory');
    await dialog.getByRole('textbox', { name: 'URL' }).fill('inventory.example.org');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('There is a webhook “inventory” already').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('second');
    await page.keyboard.press('Enter');
    await until('another reason', async () => /URL/.test(await dialog.getByRole('alert').innerText()));
    await screenshot(page, 'webhook-refused');
    await check(page, 'refused');
    assert.equal(await dialog.getByRole('textbox', { name: 'URL' }).inputValue(), 'inventory.example.org');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await webhook('second'), undefined);
  });

  test('an edit changes no more than what was edited', async () => {
    const page = await world.signedIn();
    await open(page, '/inventory');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await world.call('PUT', '/api/v1/webhooks/inventory', { accounts: ['default'] }); // somebody else's, meanwhile
    await dialog.getByRole('checkbox', { name: 'audit.entry' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('device.*, audit.entry').waitFor();
    const { topics, accounts } = await webhook('inventory');
    assert.deepEqual([topics.sort(), accounts], [['audit.entry', 'device.*'], ['default']]);
    await world.call('PUT', '/api/v1/webhooks/inventory', { topics: ['device.*'], accounts: ['*'] });
  });

  test('with a new secret messages are signed with both', async () => {
    const page = await world.signedIn();
    await open(page, '/inventory');
    await page.getByRole('button', { name: 'New secret…' }).click();
    await page.getByRole('dialog').getByLabel('Sign with the old one, too, for').selectOption('two days');
    await check(page, 'new secret');
    await page.getByRole('button', { name: 'Create the secret' }).click();
    const secret = await takeSecret(page, 'The secret of inventory');
    await page.getByText('Messages are also signed with the previous secret').waitFor();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('The receiver accepted the test message').waitFor();
    const message = receiver.of('webhook.test').at(-1);
    assert.equal(isSigned(message, secret), true);
    assert.equal(message.headers['webhook-signature'].split(' ').length, 2);
  });

  test('what happens while it is paused is sent when it is resumed', async () => {
    const page = await world.signedIn();
    await open(page, '/inventory');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    const serial = await arrive();
    await page.getByRole('definition').filter({ hasText: /^[1-9]/ }).first().waitFor();
    assert.equal(receiver.messages.some((message) => message.body.includes(serial)), false);
    await page.getByRole('button', { name: 'Resume' }).click();
    await until('the message', () => receiver.messages.some((message) => message.body.includes(serial)));
    await page.getByText('Working', { exact: true }).waitFor();
  });

  test('what was sent is counted, and sent again with the same ids', async () => {
    const page = await world.signedIn();
    await open(page, '/inventory');
    const ids = receiver.of('device.arrived').map((message) => message.id);
    receiver.messages = [];
    await page.getByRole('button', { name: 'Send again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^\d+ messages? with \d+ events?/).waitFor();
    await dialog.getByText('device.arrived').waitFor();
    await screenshot(page, 'webhook-replay');
    await check(page, 'replay');
    assert.equal(receiver.messages.length, 0);
    await dialog.getByLabel('What to send').selectOption('what happened since a time');
    await dialog.getByLabel('Time').fill('2099-01-01T00:00');
    await dialog.getByRole('alert').getByText('is to come').waitFor();
    await dialog.getByLabel('What to send').selectOption('what happened in the last day');
    await dialog.getByRole('button', { name: /^Send \d+ messages? again/ }).click();
    await page.getByText(/sent again\.$/).waitFor();
    await until('the messages', () => receiver.of('device.arrived').length === ids.length);
    assert.deepEqual(receiver.of('device.arrived').map((message) => message.id), ids);
  });
});

describe('trouble', () => {
  test('a receiver that fails is named on the overview, with the reason and the way forward', async () => {
    receiver.answers(500, 'out of order');
    const serial = await arrive();
    await until('the failure', async () => (await webhook('inventory')).progress.failing_since);
    const page = await world.signedIn();
    const line = page.getByRole('listitem').filter({ hasText: 'it answered 500: out of order' });
    await line.getByText('Not accepting messages').waitFor();
    await screenshot(page, 'overview-webhook');
    await check(page, 'overview with a webhook at fault');
    await line.getByRole('link', { name: 'inventory' }).click();
    await page.getByText('The receiver itself fails: its own log says why').waitFor();
    await page.getByText('not accepted, 500').first().waitFor();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('alert').getByText('did not accept the test message: it answered 500: out of order').waitFor();
    await checkViews(page, 'webhook-failing');
    receiver.answers(204);
    await until('the message', () => receiver.messages.some((message) => message.body.includes(serial)));
    await page.getByText('Working', { exact: true }).waitFor(); // by itself
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await line.waitFor({ state: 'hidden' });
  });

  test('one that is disabled says why, and is resumed', async () => {
    receiver.answers(410, 'no more');
    await arrive();
    const page = await world.signedIn();
    await page.getByRole('listitem').filter({ hasText: 'it answered 410: it no longer wants messages' }).getByText('Disabled').waitFor();
    await open(page);
    await page.getByText('Fix the receiver').waitFor();
    await checkViews(page, 'webhooks-disabled');
    receiver.answers(204);
    await page.getByRole('link', { name: 'inventory' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Working', { exact: true }).waitFor();
  });

  // Seven refusals take hours: the database gets the row that they would leave.
  test('messages that were put aside are listed, and sent again', async () => {
    await world.changeDatabase(`
body = '{"type":"device.arrived","id":"msg_aside","timestamp":"2026-03-01T09:00:00Z","data":{"account":"default","devices":[]}}'
db.execute("INSERT INTO dead_letter SELECT id, 1, 1772355720000, 'msg_aside', 'device.arrived', 'it answered 400: <b>no such device</b>', ?, 0 FROM receiver", (body,))
db.execute("UPDATE receiver SET dead = 1")`);
    const page = await world.signedIn();
    await open(page, '/inventory');
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
    await page.getByRole('cell', { name: 'it answered 400: <b>no such device</b>' }).waitFor();
    await checkViews(page, 'webhook-dead-letters');
    await page.getByRole('button', { name: 'Send them again…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send 1 message again' }).click();
    await until('the message', () => receiver.messages.some((message) => message.id === 'msg_aside'));
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor({ state: 'hidden' });
  });

  test('a webhook is removed after a question', async () => {
    const page = await world.signedIn();
    await open(page, '/inventory');
    await page.getByRole('button', { name: 'Remove' }).click();
    await check(page, 'remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the webhook' }).click();
    await page.getByText('There is no webhook yet').waitFor();
    await open(page, '/inventory');
    await page.getByText('There is no webhook “inventory”').waitFor();
  });
});

describe('what MDM servers tell', () => {
  const post = (secret) => {
    const body = JSON.stringify({ topic: 'mdm.Connect', event_id: '1', created_at: new Date().toISOString(), acknowledge_event: { udid: 'A' } });
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    return fetch(`${world.url}/webhook/mdm`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Hmac-Signature': signature }, body });
  };
  test('messages are accepted with a secret, also with the previous one, and then no more', async () => {
    const page = await world.signedIn();
    await open(page);
    await page.getByText('No messages are accepted').waitFor();
    await page.getByRole('button', { name: 'Accept messages…' }).click();
    await check(page, 'secret for MDM servers');
    await page.getByRole('button', { name: 'Create the secret' }).click();
    await page.getByText(`-webhook-url ${world.url}/webhook/mdm`).first().waitFor();
    await screenshot(page, 'enrollment-secret');
    const first = await takeSecret(page, 'The secret for MDM servers');
    assert.equal((await post(first)).status, 200);
    await page.getByRole('button', { name: 'New secret for MDM servers…' }).click();
    await page.getByLabel('Secret (optional)').fill('short');
    await page.getByRole('button', { name: 'Use this secret' }).click();
    await page.getByRole('alert').getByText('24').waitFor();
    await page.getByLabel('Secret (optional)').fill('a-secret-that-nanomdm-has-already');
    await page.getByRole('button', { name: 'Use this secret' }).click();
    await page.getByText('with the previous one').waitFor();
    await checkViews(page, 'webhooks-enrollment');
    for (const secret of [first, 'a-secret-that-nanomdm-has-already']) assert.equal((await post(secret)).status, 200);
    await page.getByRole('button', { name: 'Stop accepting messages…' }).click();
    await page.getByRole('button', { name: 'Remove the secret' }).click();
    await page.getByText('No messages are accepted').waitFor();
    assert.equal((await post(first)).status, 404);
  });
});
