// How an account stands with Apple, in words, and how bad that is.
import type { Account, AccountState } from '../api';
import { link } from './route.svelte';

export type Weight = 'bad' | 'warning' | 'fine' | 'idle';

const words: Record<AccountState, [text: string, weight: Weight]> = {
  ok: ['Working', 'fine'],
  expiring: ['Token expires soon', 'warning'],
  expired: ['Token expired', 'bad'],
  rejected: ['Token rejected by Apple', 'bad'],
  forbidden: ['Refused by Apple', 'bad'],
  terms_unsigned: ['Apple’s terms not accepted', 'bad'],
  throttled: ['Throttled by Apple', 'warning'],
  unreachable: ['Apple not reachable', 'bad'],
  impaired: ['Partly failing', 'warning'],
  storage: ['Cannot store anything', 'bad'],
  not_configured: ['Not connected', 'warning'],
};

export function standing(account: Account): { text: string; weight: Weight } {
  const [text, weight] = words[account.state];
  if (account.paused && weight === 'fine') return { text: 'Paused', weight: 'idle' };
  return { text, weight };
}

const urgency: Record<Weight, number> = { bad: 0, warning: 1, idle: 2, fine: 3 };

/** What needs somebody comes first; otherwise as they were. */
export function worstFirst(accounts: Account[]) {
  return [...accounts].sort((a, b) => urgencyOf(a) - urgencyOf(b));
}
function urgencyOf(account: Account) {
  const { weight } = standing(account);
  const hasLeftovers = account.contested > 0 || account.missing ? 1.5 : 3;
  return Math.min(urgency[weight], hasLeftovers);
}

/** The devices of an account that a number counts. */
export const devicesLink = (account: string, filter?: string, uncovered?: boolean) =>
  link('devices', [], { account, filter, uncovered: uncovered ? '1' : undefined });
