import { describe, expect, it } from 'vitest';
import { complete, placeOfError } from './filter_completion';

const options = (text: string, lists: string[] = []) => complete(text, text.length, lists)?.options.map((option) => option.text) ?? [];

describe('completion of a filter', () => {
  it('begins with fields', () => {
    expect(options('')).toContain('family');
    expect(options('mod')).toEqual(['model']);
    expect(options('family = iPad and no')).toEqual(['note.name', 'note.owner', 'note.group', 'note.asset_tag', 'not']);
    expect(options('(')).toContain('serial');
    expect(options('not ')).not.toContain('not');
  });
  it('goes on with operators, and with values that are known', () => {
    expect(options('family ')).toEqual(['=', '!=', '~', '!~', 'in', 'not in']);
    expect(options('assigned_at ')).toEqual(['>=', '<']);
    expect(options('family = iP')).toEqual(['iPad', 'iPhone', 'iPod']);
    expect(options('status in (assigned, ')).toContain('pushed');
    expect(options('family not in ')).toEqual(['(']);
  });
  it('knows the lists', () => {
    expect(options('serial in ', ['lab', 'library'])).toEqual(['@lab', '@library']);
    expect(options('serial not in @li', ['lab', 'library'])).toEqual(['@library']);
  });
  it('joins conditions', () => {
    expect(options('family = iPad ')).toEqual(['and', 'or']);
    expect(options('migrating ')).toEqual(['and', 'or']);
    expect(options('(family = "iPad Pro") ')).toEqual(['and', 'or']);
    expect(options('model = family ')).toEqual(['and', 'or']);
  });
  it('replaces the word at the caret, and nothing behind it', () => {
    expect(complete('fam and os = iOS', 3, [])).toMatchObject({ from: 0, to: 3 });
    expect(complete('family = iPad', 13, [])).toBeUndefined();
  });
});

it('finds the column in the server’s sentence', () => {
  expect(placeOfError('column 9 of the filter: expected a value')).toBe(8);
  expect(placeOfError('there is no list lab')).toBeUndefined();
});
