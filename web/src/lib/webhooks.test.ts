import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Webhook } from '../api';
import { canTell, isTold, remedyOf, topicGroups, webhookStanding, webhookTrouble, withPattern } from './webhooks';

const webhook = (more: Partial<Webhook> = {}, progress: Partial<Webhook['progress']> = {}): Webhook => ({
  name: 'tickets',
  host: 'tickets.example.org',
  format: 'muster',
  topics: ['*'],
  accounts: ['*'],
  status: 'active',
  created_at: '2026-03-01T09:00:00Z',
  created_by: 'ann',
  progress: { waiting: 0, delivered: 0, failed: 0, dead: 0, lost: 0, failures: 0, ...progress },
  ...more,
});

describe('how a webhook fares', () => {
  it('is no trouble while it works, or somebody paused it', () => {
    for (const fine of [webhook(), webhook({}, { waiting: 999, dead: 3 }), webhook({ status: 'paused' }, { waiting: 12 })])
      expect(webhookTrouble(fine)).toBeUndefined();
  });

  it('says why it is disabled, and the way back', () => {
    const trouble = webhookTrouble(webhook({ status: 'disabled', status_reason: 'it answered 410: gone' }));
    expect(trouble?.sentence).toContain('it answered 410: gone');
    expect(trouble?.remedy).toContain('resume');
  });

  it('tells what does not answer from what refuses', () => {
    const failing = (last_failure: string) => webhookTrouble(webhook({}, { failing_since: '2026-03-01T09:00:00Z', last_failure }));
    expect(failing('the connection was refused')?.remedy).toBe(remedyOf(0));
    expect(failing('it answered 401: who are you?')?.remedy).toBe(remedyOf(401));
    expect(failing('it answered 500')?.remedy).toBe(remedyOf(500));
    expect(new Set([0, 302, 401, 404, 410, 422, 429, 500].map(remedyOf)).size).toBe(8);
  });

  it('is behind when much waits, also while it is paused', () => {
    expect(webhookStanding(webhook({}, { waiting: 1000 })).text).toBe('Behind');
    expect(webhookTrouble(webhook({ status: 'paused' }, { waiting: 1000 }))?.sentence).toContain('1,000 entries wait');
  });
});

describe('topics', () => {
  const source = readFileSync(`${process.env.MUSTER_SOURCE}/sync/webhooks/topics.cc`, 'utf8');
  const named = (name: string) => source.match(new RegExp(`${name} = "([a-z.]+)"`))?.[1] ?? '';
  const table = (array: string) => source.match(new RegExp(`${array}\\[\\] = \\{([^;]*)\\};`))?.[1] ?? '';
  const inTable = (array: string, pattern: RegExp) => [...table(array).matchAll(pattern)].map((match) => match[2] ?? named(match[1]!));
  const ours = topicGroups.flatMap((group) => group.topics.map((topic) => topic.name));

  it('are those that the server knows', () => {
    const known = inTable('kTopics', /\{(?:(k\w+)|"([a-z._]+)"), /g);
    expect(known.length).toBeGreaterThan(15);
    expect([...ours].sort()).toEqual(known.sort());
  });

  it('can be told in NanoDEP’s form if the server can', () => {
    const known = inTable('kOfNanodep', /(?:(k\w+)|"([a-z._]+)")/g);
    expect(ours.filter((topic) => canTell('nanodep', topic)).sort()).toEqual(known.sort());
    expect(ours.every((topic) => canTell('slack', topic))).toBe(true);
  });

  it('are chosen one by one or all of a kind', () => {
    expect(withPattern(['device.gone', 'audit.entry'], 'device.*', true)).toEqual(['audit.entry', 'device.*']);
    expect(isTold(['device.*'], 'device.gone')).toBe(true);
    expect(isTold(['device.*'], 'account.state')).toBe(false);
    expect(isTold(['*'], 'account.state')).toBe(true);
    expect(withPattern(['backfill.*', 'audit.entry'], 'backfill.changed', false)).toEqual(['audit.entry']);
    expect(withPattern(['device.*'], 'device.*', false)).toEqual([]);
  });
});
