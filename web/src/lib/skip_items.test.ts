import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { skipItems } from './skip_items';

it('explains the items that the server knows, and no others', () => {
  const source = readFileSync(`${process.env.MUSTER_SOURCE}/profile/skip_items.cc`, 'utf8');
  const known = [...source.matchAll(/^ {4}\{"(\w+)"/gm)].map((match) => match[1]);
  expect(known.length).toBeGreaterThan(50);
  expect(skipItems.map((item) => item.name).sort()).toEqual(known.sort());
});
