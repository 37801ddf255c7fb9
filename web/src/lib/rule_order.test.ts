import { expect, it } from 'vitest';
import type { Rule } from '../api';
import { priorityAt } from './rule_order';

const rule = (priority: number, day: number) =>
  ({ filter: `serial = ${priority}-${day}`, priority, scope: 'new', profile_uuid: '', version: 1, created_at: `2026-03-0${day}T00:00:00Z` }) as Rule;

it('puts a rule between two others', () => {
  const rules = [rule(10, 1), rule(20, 2), rule(30, 3)];
  expect(priorityAt(rules, 2, 1)).toBe(14);
  expect(priorityAt(rules, 2, 0)).toBe(0);
  expect(priorityAt(rules, 0, 2)).toBe(40);
});
it('uses the age of rules that are equal', () => {
  expect(priorityAt([rule(10, 1), rule(11, 3), rule(100, 2)], 2, 1)).toBe(10);
  expect(priorityAt([rule(10, 3), rule(11, 2), rule(100, 1)], 2, 1)).toBe(11);
});
it('says when there is no room', () => {
  expect(priorityAt([rule(10, 2), rule(10, 3), rule(100, 4)], 2, 1)).toBeUndefined();
});
