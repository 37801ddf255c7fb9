import { expect, it } from 'vitest';
import { axisEnd, duration, durationAxisEnd, eachDay } from './day_counts';

it('has one entry for each day up to today, over the end of a month', () => {
  const first = { day: '2026-02-28', arrived: 3, assigned: 2, calls: 9, failed_calls: 0, paused_seconds: 0 };
  const days = eachDay([first], '2026-03-02', 4);
  expect(days.map((one) => one.day)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
  expect(days[1]).toBe(first);
  expect(days[3]?.arrived).toBe(0);
});

it('ends an axis where people count to', () => {
  expect([0, 1, 2, 3, 7, 10, 11, 252, 412, 900, 1038].map(axisEnd)).toEqual([1, 1, 2, 3, 8, 10, 15, 300, 500, 1000, 1500]);
  expect([0, 59, 61, 1200, 5000].map(durationAxisEnd).map(duration)).toEqual(['1 s', '1 min', '2 min', '20 min', '2 h']);
});

it('says how long', () => {
  expect([0, 59, 60, 3600, 4800].map(duration)).toEqual(['0 s', '59 s', '1 min', '1 h', '1 h 20 min']);
});
