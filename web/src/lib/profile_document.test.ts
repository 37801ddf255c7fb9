import { expect, it } from 'vitest';
import { differences, documentOf, isSame, withMember } from './profile_document';

it('changes one member, and leaves the others where they are', () => {
  const text = '{"profile_name": "Lab", "url": "https://a.example", "department": "IT"}';
  expect(Object.entries(documentOf(withMember(text, 'url', 'https://b.example'))!)).toEqual([
    ['profile_name', 'Lab'],
    ['url', 'https://b.example'],
    ['department', 'IT'],
  ]);
  expect(documentOf(withMember(text, 'department', undefined))).toEqual({ profile_name: 'Lab', url: 'https://a.example' });
  expect(documentOf(withMember(text, 'is_mandatory', false))).toHaveProperty('is_mandatory', false);
});
it('takes nothing but an object for a document', () => {
  for (const text of ['', '{', '[]', 'null', '"x"', '{"a":1,}']) expect(documentOf(text)).toBeUndefined();
});
it('names what differs', () => {
  const before = { url: 'https://a.example', is_supervised: true, skip_setup_items: ['Siri', 'TOS'], org_magic: 'x' };
  const after = { skip_setup_items: ['TOS', 'Zoom'], url: 'https://b.example', is_supervised: true, department: 'IT' };
  expect(differences(before, after)).toEqual([
    { name: 'skip_setup_items', added: ['Zoom'], removed: ['Siri'] },
    { name: 'url', before: 'https://a.example', after: 'https://b.example' },
    { name: 'department', before: undefined, after: 'IT' },
    { name: 'org_magic', before: 'x', after: undefined },
  ]);
});
it('takes no notice of order', () => {
  expect(isSame({ a: 1, skip_setup_items: ['A', 'B'] }, { skip_setup_items: ['B', 'A'], a: 1 })).toBe(true);
  expect(isSame({ skip_setup_items: ['A'] }, { skip_setup_items: ['A', 'A'] })).toBe(false);
  expect(isSame({ skip_setup_items: [] }, {})).toBe(false);
  expect(isSame({ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } })).toBe(true);
});
