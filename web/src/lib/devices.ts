// What the console shows of a device, in words.
import type { Device } from '../api';
import { atMinute, onDay } from './text';

export type Names = Map<string, string>; // of profiles, by UUID

export const uuidName = (uuid: string | undefined, names: Names) => (uuid ? (names.get(uuid) ?? uuid) : '');

const desiredBy: Record<string, string> = {
  nobody: 'no rule',
  rule: 'rule',
  manual: 'by hand',
  hold: 'on hold',
};
export const decidedBy = (device: Device) => desiredBy[device.desired_by] ?? device.desired_by;

/** One or two words for how the device stands, and whether somebody should look. */
export function condition(device: Device): { text: string; weight: 'bad' | 'warning' | 'fine' } {
  if (device.left_at) return { text: 'Left', weight: 'fine' };
  if (device.contested_since) return { text: 'Contested', weight: 'bad' };
  if (device.desired_by === 'hold') return { text: 'On hold', weight: 'fine' };
  if (device.assignment) return { text: 'Waiting', weight: device.assignment.attempts > 1 ? 'warning' : 'fine' };
  switch (device.profile_status) {
    case 'pushed':
      return { text: 'Pushed', weight: 'fine' };
    case 'assigned':
      return { text: 'Assigned', weight: 'fine' };
    case 'removed':
      return { text: 'Profile removed', weight: 'warning' };
    default:
      return device.arrived_at && device.desired_by === 'nobody'
        ? { text: 'No rule', weight: 'warning' }
        : { text: 'No profile', weight: 'fine' };
  }
}

export type Column = {
  name: string;
  title: string;
  width: number; // px
  isMono?: boolean;
  of: (device: Device, names: Names) => string;
};

const time = (text: unknown) => (typeof text === 'string' && text ? atMinute(new Date(text)) : '');
const day = (text: unknown) => (typeof text === 'string' && text ? onDay(new Date(text)) : '');
const text = (value: unknown) => (value === undefined || value === null ? '' : String(value));

/** All that the table can show, in its order. The serial number is always first. */
export const columns: Column[] = [
  { name: 'serial_number', title: 'Serial number', width: 150, isMono: true, of: (device) => device.serial_number },
  { name: 'condition', title: 'State', width: 124, of: (device) => condition(device).text },
  { name: 'profile', title: 'Profile', width: 190, of: (device, names) => uuidName(text(device.profile_uuid), names) },
  { name: 'model', title: 'Model', width: 190, of: (device) => text(device.model) },
  { name: 'arrived_at', title: 'Arrived', width: 160, of: (device) => time(device.arrived_at) },
  { name: 'desired_by', title: 'Decided by', width: 110, of: decidedBy },
  { name: 'device_family', title: 'Family', width: 90, of: (device) => text(device.device_family) },
  { name: 'asset_tag', title: 'Asset tag', width: 120, of: (device) => text(device.asset_tag) },
  { name: 'color', title: 'Colour', width: 120, of: (device) => text(device.color) },
  { name: 'description', title: 'Description', width: 260, of: (device) => text(device.description) },
  { name: 'os', title: 'System', width: 90, of: (device) => text(device.os) },
  { name: 'profile_assign_time', title: 'Assigned', width: 160, of: (device) => time(device.profile_assign_time) },
  { name: 'profile_push_time', title: 'Pushed', width: 160, of: (device) => time(device.profile_push_time) },
  { name: 'device_assigned_date', title: 'Given to service', width: 130, of: (device) => day(device.device_assigned_date) },
  { name: 'device_assigned_by', title: 'Given by', width: 200, of: (device) => text(device.device_assigned_by) },
  { name: 'first_seen', title: 'First seen', width: 160, of: (device) => time(device.first_seen) },
];
export const usualColumns = ['serial_number', 'condition', 'profile', 'model', 'arrived_at', 'desired_by'];

const inFile = [
  'serial_number', 'model', 'description', 'color', 'asset_tag', 'os', 'device_family', 'profile_status', 'profile_uuid',
  'profile_assign_time', 'profile_push_time', 'device_assigned_date', 'device_assigned_by', 'account', 'desired_profile_uuid',
  'desired_by',
] as const;

// As `mdmctl get dep-devices -o csv` writes it: a text that a spreadsheet would take for a formula gets an apostrophe.
export function csvField(value: unknown) {
  const plain = text(value);
  const marked = /^'*[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(marked) ? `"${marked.replaceAll('"', '""')}"` : marked;
}
export const csvHeader = `${inFile.join(',')}\r\n`;
export const csvRecord = (device: Device) => `${inFile.map((name) => csvField(device[name])).join(',')}\r\n`;
