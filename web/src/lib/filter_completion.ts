// What may come next in a filter, at the place of the caret. The server alone decides what a filter means (docs/filters.md).

export type Completion = {
  from: number; // what it replaces, in the text
  to: number;
  options: Array<{ text: string; note: string }>;
};

type Field = { note: string; values?: string[]; kind: 'text' | 'time' | 'flag' };

export const fields: Record<string, Field> = {
  serial: { note: 'serial number', kind: 'text' },
  model: { note: 'e.g. "iPad Pro 11-inch"', kind: 'text' },
  description: { note: 'Apple’s order description', kind: 'text' },
  color: { note: 'e.g. "SPACE GRAY"', kind: 'text' },
  asset_tag: { note: 'Apple’s asset tag', kind: 'text' },
  family: { note: 'kind of device', kind: 'text', values: ['iPad', 'iPhone', 'iPod', 'Mac', 'AppleTV', 'Vision'] },
  os: { note: 'system', kind: 'text', values: ['iOS', 'iPadOS', 'OSX', 'tvOS', 'visionOS'] },
  assigned_by: { note: 'who assigned it in the portal', kind: 'text' },
  assigned_at: { note: 'when that was', kind: 'time', values: ['2026-01-31'] },
  status: { note: 'of its profile, according to Apple', kind: 'text', values: ['empty', 'assigned', 'pushed', 'removed'] },
  profile: { note: 'UUID of the profile that Apple reports', kind: 'text' },
  account: { note: 'name of the account', kind: 'text' },
  migrating: { note: 'moves here from another service', kind: 'flag' },
  replacement: { note: 'came as a replacement', kind: 'flag' },
  enrolled: { note: 'in an MDM server', kind: 'flag' },
  enrolled_at: { note: 'when it enrolled', kind: 'time', values: ['2026-01-31'] },
  last_seen: { note: 'by its MDM server', kind: 'time', values: ['2026-01-31'] },
  'note.name': { note: 'your note', kind: 'text' },
  'note.owner': { note: 'your note', kind: 'text' },
  'note.group': { note: 'your note', kind: 'text' },
  'note.asset_tag': { note: 'your note', kind: 'text' },
};

const ofText = [
  { text: '=', note: 'is equal' },
  { text: '!=', note: 'is not equal' },
  { text: '~', note: 'matches a pattern: * for any text' },
  { text: '!~', note: 'does not match' },
  { text: 'in', note: 'is one of (A, B)' },
  { text: 'not in', note: 'is none of' },
];
const ofTime = [
  { text: '>=', note: 'at that time or later' },
  { text: '<', note: 'before' },
];
const joins = [
  { text: 'and', note: 'both' },
  { text: 'or', note: 'one of them' },
];

type Token = { text: string; from: number; to: number };

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern = /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[A-Za-z0-9\-_.:*?+/%#$@]+|!=|!~|<=|>=|[=~<>(),]/g;
  for (const match of text.matchAll(pattern))
    found.push({ text: match[0], from: match.index, to: match.index + match[0].length });
  return found;
}

const operators = new Set(['=', '!=', '~', '!~', '<', '<=', '>', '>=', 'in']);

/** `lists`: names that `serial in @NAME` can have. Nothing when nothing is known of what may come. */
export function complete(text: string, caret: number, lists: string[]): Completion | undefined {
  const before = tokens(text.slice(0, caret));
  const last = before.at(-1);
  // The word at the caret is what is being typed.
  const isTyping = last !== undefined && last.to === caret && !/^[(),]$/.test(last.text) && !operators.has(last.text.toLowerCase());
  const typed = isTyping ? last.text : '';
  const from = isTyping ? last.from : caret;
  const words = (isTyping ? before.slice(0, -1) : before).map((token) => token.text.toLowerCase());
  const options = optionsBehind(words, lists).filter(
    (option) => option.text.toLowerCase().startsWith(typed.toLowerCase()) && option.text !== typed,
  );
  return options.length ? { from, to: caret, options } : undefined;
}

function optionsBehind(words: string[], lists: string[]) {
  const last = words.at(-1);
  if (last === undefined || last === 'and' || last === 'or' || (last === 'not' && !isField(words.at(-2))) || (last === '(' && words.at(-2) !== 'in'))
    return [
      ...Object.entries(fields).map(([text, field]) => ({ text, note: field.note })),
      ...(last === 'not' ? [] : [{ text: 'not', note: 'the opposite' }]),
    ];
  if (last === 'not') return [{ text: 'in', note: 'is none of' }];
  const field = fields[last];
  if (field && !operators.has(words.at(-2) ?? '')) return field.kind === 'flag' ? joins : field.kind === 'time' ? ofTime : ofText;
  if (operators.has(last) || last === '(' || last === ',') return valuesOf(words, lists);
  return joins;
}

const isField = (word: string | undefined) => word !== undefined && fields[word] !== undefined;

function valuesOf(words: string[], lists: string[]) {
  const operator = words.findLastIndex((word) => operators.has(word));
  const name = words[operator - 1] === 'not' ? words[operator - 2] : words[operator - 1];
  const values = (fields[name ?? '']?.values ?? []).map((text) => ({ text, note: '' }));
  const isSet = words[operator] === 'in' && operator === words.length - 1;
  if (!isSet) return values;
  if (name === 'serial') return lists.map((list) => ({ text: `@${list}`, note: 'list' }));
  return [{ text: '(', note: 'the values, with commas between them' }];
}

/** Where the server found a mistake, in its own words; nothing when it names no place. */
export function placeOfError(message: string): number | undefined {
  const column = /^column (\d+) of the filter/.exec(message)?.[1];
  return column === undefined ? undefined : Number(column) - 1;
}
