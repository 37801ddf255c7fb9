// What somebody typed or pasted into the search field, as a filter of devices.

/** Between quotes of the filter language. */
export const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** Several serial numbers, as they come out of a spreadsheet; nothing when the text is something else. */
export function pastedSerials(text: string): string[] | undefined {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const areSerials = words.length > 1 && words.every((word) => /^[A-Za-z0-9-]{5,20}$/.test(word) && /\d/.test(word));
  return areSerials ? [...new Set(words.map((word) => word.toUpperCase()))] : undefined;
}

/** The devices that the text is a part of: of the serial number, of an asset tag or of a note. */
export function searchFilter(text: string) {
  const serials = pastedSerials(text);
  if (serials) return `serial in (${serials.join(', ')})`;
  const pattern = quoted(`*${text.trim()}*`);
  const fields = ['serial', 'asset_tag', 'note.name', 'note.owner', 'note.group', 'note.asset_tag'];
  return fields.map((field) => `${field} ~ ${pattern}`).join(' or ');
}
