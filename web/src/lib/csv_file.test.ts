import { expect, it } from 'vitest';
import { looksLikeNotes, readCsvFile, rowErrors } from './csv_file';

const file = (content: BlobPart, name = 'room.csv') => new File([content], name);

it('reads what spreadsheet programs write', async () => {
  expect((await readCsvFile(file('serial\r\nC02ABC\r\n'))).text).toBe('serial\r\nC02ABC\r\n');
  expect((await readCsvFile(file(new Uint8Array([0xff, 0xfe, 0x41, 0x00])))).text).toBe('A');
  expect((await readCsvFile(file(new Uint8Array([0xef, 0xbb, 0xbf, 0x41])))).text).toBe('A');
});
it('refuses what cannot be meant, and says what to do', async () => {
  const large = { name: 'holiday.mov', size: 40_000_000, arrayBuffer: () => Promise.reject(new Error('it is read')) } as unknown as File;
  await expect(readCsvFile(large)).rejects.toThrow(/holiday.mov has 40.0 MB/);
  await expect(readCsvFile(file('PK\u0003\u0004', 'a.xlsx'))).rejects.toThrow(/workbook/);
  await expect(readCsvFile(file(new Uint8Array([0x4d, 0xfc, 0x6c])))).rejects.toThrow(/not UTF-8/);
  await expect(readCsvFile(file(new Uint8Array([0, 1, 2])))).rejects.toThrow(/not UTF-8/);
  await expect(readCsvFile(file(''))).rejects.toThrow(/empty/);
});
it('tells notes from lists by the header', () => {
  for (const notes of ['serial,owner\nC02ABC,Ada\n', '\uFEFFSerial;"Asset Tag"\n', 'serial\tnote.name\n']) expect(looksLikeNotes(notes)).toBe(true);
  for (const list of ['serial\nC02ABC\n', 'C02ABC\nC02DEF\n', 'Serial,Model\n', 'name\n', '']) expect(looksLikeNotes(list)).toBe(false);
});
it('takes the sentence about rows apart', () => {
  const message = '2 rows of the file are wrong, and nothing was changed:\n  line 2: "1,2E+11" is a number that a spreadsheet made of a serial number; format the column as text and enter it again\n  line 3: there is no serial number\n  and 4 more';
  const errors = rowErrors(message, 'serial\r\n1.2E+11\r\n,Ada\r\n');
  expect(errors?.rows).toEqual([
    { line: 2, row: '1.2E+11', reason: '"1,2E+11" is a number that a spreadsheet made of a serial number', remedy: 'format the column as text and enter it again' },
    { line: 3, row: ',Ada', reason: 'there is no serial number', remedy: 'enter it, or remove the row' },
  ]);
  expect(errors?.more).toBe('and 4 more');
  expect(rowErrors('there is no list "x"', '')).toBeUndefined();
});
