// How a webhook fares and what to do about it, in words; and what it can be told.
import type { Webhook, WebhookFormat } from '../api';
import type { Weight } from './accounts';
import { counted } from './text';

/** With so many entries waiting, it tells late of what happens: each is a page or a batch of up to a thousand devices. */
const farBehind = 1000;

export type WebhookTrouble = { weight: Weight; sentence: string; remedy: string };

const isBehind = (webhook: Webhook) => webhook.progress.waiting >= farBehind;

export function webhookStanding(webhook: Webhook): { text: string; weight: Weight } {
  if (webhook.status === 'disabled') return { text: 'Disabled', weight: 'bad' };
  if (webhook.status === 'paused') return { text: 'Paused', weight: isBehind(webhook) ? 'warning' : 'idle' };
  if (webhook.progress.failing_since) return { text: 'Not accepting messages', weight: 'bad' };
  return isBehind(webhook) ? { text: 'Behind', weight: 'warning' } : { text: 'Working', weight: 'fine' };
}

/** What is wrong with it now; nothing when it does what it is to do. */
export function webhookTrouble(webhook: Webhook): WebhookTrouble | undefined {
  const { weight } = webhookStanding(webhook);
  if (weight === 'fine' || weight === 'idle') return undefined;
  const { waiting, last_failure } = webhook.progress;
  const backlog = counted(waiting, 'entry waits for it', 'entries wait for it');
  if (webhook.status === 'disabled')
    return {
      weight,
      sentence: `Muster no longer sends to it: ${webhook.status_reason ?? 'it was disabled'}.`,
      remedy: 'Fix the receiver, send a test message, then resume the webhook. Until then, events are not kept for it.',
    };
  if (webhook.status === 'paused')
    return { weight, sentence: `It is paused, and ${backlog}.`, remedy: 'Resume it: of more than 200,000 entries the oldest are lost.' };
  if (webhook.progress.failing_since)
    return { weight, sentence: `The receiver does not accept the next message: ${last_failure ?? 'it does not answer'}.`, remedy: remedyOf(statusIn(last_failure)) };
  return {
    weight,
    sentence: `${backlog.charAt(0).toUpperCase()}${backlog.slice(1)}.`,
    remedy: 'The receiver accepts messages more slowly than events happen. Make it answer faster, or select fewer topics.',
  };
}

/** Of an answer that is no success; without a status there was none, and the text says why. */
export const answerText = (status: number | undefined, text: string | undefined) =>
  status ? `it answered ${status}${text ? `: ${text}` : ''}` : (text ?? 'it did not answer');
// As the server says it: `it answered 500: out of order`.
const statusIn = (failure: string | undefined) => Number(/^it answered (\d+)/.exec(failure ?? '')?.[1] ?? 0);

/** What to do about an answer that is no success. `status`: 0 when there was no answer. */
export function remedyOf(status: number) {
  if (status === 0) return 'Check that the receiver runs, and that this server can reach it.';
  if (status < 400) return 'Redirects are not followed: give the webhook the URL to which this one leads.';
  if (status === 401 || status === 403) return 'The receiver refuses the sender: check its credentials in the URL, and that it has the current secret.';
  if (status === 404 || status === 405) return 'Nothing accepts messages at this URL: check it.';
  if (status === 410) return 'The receiver no longer wants messages: give the webhook another URL, or remove it.';
  if (status === 429) return 'The receiver asks for a pause, and Muster waits. If that continues, select fewer topics.';
  if (status < 500) return 'The receiver does not understand the message: its own log says why. After seven rejections it becomes a dead letter.';
  return 'The receiver itself fails: its own log says why. Muster tries again by itself.';
}

export type Topic = { name: string; text: string };
export type TopicGroup = { title: string; all?: string; topics: Topic[] };

/** All topics but `webhook.test`, which everybody gets. */
export const topicGroups: TopicGroup[] = [
  {
    title: 'Devices',
    all: 'device.*',
    topics: [
      { name: 'device.arrived', text: 'arrived in the account' },
      { name: 'device.uncovered', text: 'arrived, and no rule covers it' },
      { name: 'device.assigned', text: 'is to have a profile' },
      { name: 'device.confirmed', text: 'has the profile, as Apple reports' },
      { name: 'device.failed', text: 'did not get the profile; retried' },
      { name: 'device.contested', text: 'lost its profile too often; left alone' },
      { name: 'device.drifted', text: 'lost its profile; assigned again' },
      { name: 'device.missing', text: 'is not in Apple’s full list' },
      { name: 'device.gone', text: 'left the account' },
      { name: 'device.changed', text: 'has another profile or status' },
      { name: 'device.held', text: 'was put on hold' },
      { name: 'device.released', text: 'was released from hold' },
      { name: 'device.enrolled', text: 'enrolled with its MDM server' },
      { name: 'device.unenrolled', text: 'is no longer enrolled' },
      { name: 'device.late', text: 'did not enroll in the time of its rule' },
      { name: 'device.inherited', text: 'took over from the device that it replaces' },
    ],
  },
  {
    title: 'Accounts',
    all: 'account.*',
    topics: [
      { name: 'account.state', text: 'changed to another state' },
      { name: 'account.token_expiry', text: 'token expires soon' },
      { name: 'account.first_list', text: 'first full list was read' },
    ],
  },
  {
    title: 'The installation',
    topics: [
      { name: 'backfill.changed', text: 'a change reaches existing devices' },
      { name: 'audit.entry', text: 'somebody changed something' },
      { name: 'webhook.disabled', text: 'another webhook was disabled' },
    ],
  },
];

const ofNanodep = ['device.arrived', 'device.changed', 'device.gone', 'account.first_list'];

/** Whether a message of this form can tell it. */
export const canTell = (format: WebhookFormat, topic: string) => format !== 'nanodep' || ofNanodep.includes(topic);

const allLike = (topic: string) => `${topic.split('.', 1)[0]}.*`;

/** Whether somebody who is told `patterns` is told the topic. */
export const isTold = (patterns: string[], topic: string) => ['*', topic, allLike(topic)].some((pattern) => patterns.includes(pattern));

/** The patterns with this one added, which makes those that it stands for needless; or without it. */
export function withPattern(patterns: string[], pattern: string, isWanted: boolean) {
  const others = patterns.filter((one) => one !== pattern && allLike(one) !== pattern);
  // `backfill.*` is no box of its own where there is one topic only.
  if (!isWanted) return others.filter((one) => one !== allLike(pattern));
  return [...others, pattern];
}

export const topicsText = (webhook: Webhook) => (webhook.topics.includes('*') ? 'everything' : webhook.topics.join(', '));
export const accountsText = (webhook: Webhook) => (webhook.accounts.includes('*') ? 'all' : webhook.accounts.join(', '));

export const formats: Array<[WebhookFormat, string]> = [
  ['muster', 'JSON, as docs/webhooks.md describes it'],
  ['slack', 'a message for Slack, Mattermost and others'],
  ['nanodep', 'as NanoDEP’s depsyncer posts it'],
];
