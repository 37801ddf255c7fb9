// A file of rows that somebody drops, and what the server says of its rows.
import { csvField } from './devices';
import { Problem } from './request';
import { counted } from './text';

/** The server takes 8 MiB; line ends and quotes grow on the way. */
const mostBytes = 7_000_000;

export type CsvFile = { name: string; text: string };

/** The text of the file. A Problem for one that cannot be meant: nothing of it is sent, and of a large one nothing is read. */
export async function readCsvFile(file: File): Promise<CsvFile> {
  if (file.size > mostBytes)
    throw new Problem(
      -1,
      `${file.name} has ${(file.size / 1_000_000).toFixed(1)} MB, and the server takes 7 MB, some 500,000 serial numbers. If it is the right file, divide it, and add one part after the other.`,
    );
  if (file.size === 0) throw new Problem(-1, `${file.name} is empty. Save it again, and drop it here.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw new Problem(-1, `${file.name} is a workbook, not a text. Save it as “CSV UTF-8” in your spreadsheet program, and drop that.`);
  return { name: file.name, text: textOf(bytes, file.name) };
}

function textOf(bytes: Uint8Array, name: string) {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Letters of another encoding: to guess would spoil names.
  }
  throw new Problem(-1, `${name} is not UTF-8 text. Save it as “CSV UTF-8” in your spreadsheet program, and drop that.`);
}

/** The file has more than serial numbers: its header has a column of notes. */
export function looksLikeNotes(text: string) {
  const header = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0]?.toLowerCase() ?? '';
  const names = header.split(/[,;\t]/).map((name) => name.replace(/^["\s]*(note\.)?|["\s]*$/g, '').replaceAll(/[ -]/g, '_'));
  return names.length > 1 && names.some((name) => /^(name|owner|group|asset_tag)$/.test(name));
}

export type RowError = { line: number; row: string; reason: string; remedy: string };

/** The server's sentence, taken apart: what is wrong with which rows. Nothing when it is about something else. */
export function rowErrors(message: string, text: string): { sentence: string; rows: RowError[]; more: string } | undefined {
  const [sentence = '', ...rest] = message.split('\n');
  const lines = text.split(/\r\n|\n|\r/);
  const rows = rest.flatMap((line) => {
    const found = /^ {2}line (\d+): (.*)$/.exec(line);
    if (!found) return [];
    const [reason = '', remedy = ''] = (found[2] ?? '').split('; ');
    const number = Number(found[1]);
    return [{ line: number, row: (lines[number - 1] ?? '').slice(0, 200), reason, remedy: remedy || usualRemedy(reason) }];
  });
  if (!rows.length) return undefined;
  return { sentence, rows, more: rest.find((line) => /^ {2}and \d+ more$/.test(line))?.trim() ?? '' };
}

// The server says what is wrong; what can be done about it is plain then, but it is said all the same.
function usualRemedy(reason: string) {
  if (/no serial number$/.test(reason)) return 'enter it, or remove the row';
  if (/not a serial number$/.test(reason)) return 'correct it, or remove the row';
  if (/^duplicate/.test(reason)) return 'remove one of them';
  if (/column/.test(reason)) return 'add what is missing, or put texts with a comma between quotes';
  return 'correct it';
}

export const csvOf = (rows: unknown[][]) => rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
export const linesOf = (text: string) => counted(text.split('\n').filter((line) => line.trim()).length, 'line');
