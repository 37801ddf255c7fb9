// The order of rules: by priority, and of equal ones the older rule first.
import type { Rule } from '../api';

const least = 0;
const most = 1_000_000;

/** The priority that puts the rule at place `from` to place `to`; nothing when its neighbours there leave none free. */
export function priorityAt(rules: Rule[], from: number, to: number): number | undefined {
  const rule = rules[from];
  if (!rule) return undefined;
  const others = rules.filter((_, at) => at !== from);
  const before = others[to - 1], after = others[to];
  const lowest = before ? before.priority + (isOlder(before, rule) ? 0 : 1) : least;
  const highest = after ? after.priority - (isOlder(rule, after) ? 0 : 1) : most;
  if (lowest > highest) return undefined;
  if (rule.priority >= lowest && rule.priority <= highest) return rule.priority;
  // In steps of ten, so that there is room for others; else in the middle.
  if (!after && before && before.priority + 10 <= highest) return before.priority + 10;
  if (!before && after && after.priority - 10 >= lowest) return after.priority - 10;
  return Math.floor((lowest + highest) / 2);
}

const isOlder = (a: Rule, b: Rule) => (a.created_at ?? '') < (b.created_at ?? '');
