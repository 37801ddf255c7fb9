// The text of an enrollment profile, as somebody writes it, and the members in it.

export type Document = Record<string, unknown>;

/** What the text says; nothing while it is no object. */
export function documentOf(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : undefined;
  } catch {
    return undefined;
  }
}

export const textOfDocument = (document: Document) => `${JSON.stringify(document, null, 2)}\n`;

/** The text with this member; without it for a value that is undefined. */
export function withMember(text: string, name: string, value: unknown) {
  const { [name]: before, ...others } = documentOf(text) ?? {};
  if (value === undefined) return textOfDocument(others);
  // What was there stays at its place.
  return textOfDocument(before === undefined ? { ...others, [name]: value } : { ...documentOf(text), [name]: value });
}

export type Difference = {
  name: string;
  before?: string;
  after?: string;
  /** Of lists of texts, which ones came and which went; the order is no difference. */
  added?: string[];
  removed?: string[];
};

/** What differs between two documents, in the order in which the later one has it. */
export function differences(before: Document, after: Document): Difference[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name): Difference[] => {
    const one = before[name], other = after[name];
    if (canonical(one) === canonical(other)) return [];
    if (isTexts(one ?? []) && isTexts(other ?? []) && (isTexts(one) || isTexts(other))) {
      const earlier = (one ?? []) as string[], later = (other ?? []) as string[];
      const added = later.filter((text) => !earlier.includes(text)), removed = earlier.filter((text) => !later.includes(text));
      if (added.length || removed.length) return [{ name, added, removed }];
      if (one !== undefined && other !== undefined && earlier.length === later.length) return []; // in another order
    }
    return [{ name, before: shown(one), after: shown(other) }];
  });
}

export const isSame = (one: Document, other: Document) => differences(one, other).length === 0;

const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
const shown = (value: unknown) => (value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
