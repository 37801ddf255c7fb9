import { expect, it } from 'vitest';
import { condition, csvField, csvRecord } from './devices';

const device = { serial_number: 'C02A', account: 'default', first_seen: '2026-03-01T09:00:00Z', desired_by: 'nobody' };

it('writes what a spreadsheet would calculate as text', () => {
  expect(csvField('=1+1')).toBe("'=1+1");
  expect(csvField("'=1")).toBe("''=1");
  expect(csvField('say "hi", twice')).toBe('"say ""hi"", twice"');
  expect(csvField('A-1')).toBe('A-1');
  expect(csvRecord({ ...device, model: 'iPad' } as never)).toMatch(/^C02A,iPad,.*default,,nobody\r\n$/);
});
it('tells what needs somebody', () => {
  expect(condition({ ...device, contested_since: '2026-03-01T09:00:00Z' } as never).weight).toBe('bad');
  expect(condition({ ...device, profile_status: 'pushed' } as never)).toEqual({ text: 'Pushed', weight: 'fine' });
  expect(condition({ ...device, arrived_at: '2026-03-01T09:00:00Z' } as never).text).toBe('No rule');
});
