import { expect, it } from 'vitest';
import { pastedSerials, searchFilter } from './search';

it('takes a column of a spreadsheet for serial numbers', () => {
  expect(pastedSerials('C02ABC1\nc02abc2\tC02ABC1')).toEqual(['C02ABC1', 'C02ABC2']);
  expect(searchFilter('C02ABC1, C02ABC2')).toBe('serial in (C02ABC1, C02ABC2)');
});
it('takes words for words', () => {
  expect(pastedSerials('C02ABC1')).toBeUndefined();
  expect(pastedSerials('room 12 upstairs')).toBeUndefined();
  expect(searchFilter(' a"b\\ ')).toContain('note.owner ~ "*a\\"b\\\\*"');
});
