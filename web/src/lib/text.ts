// Numbers, times and words as people read them.

const whole = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en', { year: 'numeric', month: 'short', day: 'numeric' });
const minute = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const count = (number: number) => whole.format(number);
/** `1 device`, `412 devices`. */
export const counted = (number: number, one: string, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
export const onDay = (time: Date) => day.format(time);
export const atMinute = (time: Date) => minute.format(time);
export const inUtc = (time: Date) => time.toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

const steps: Array<[seconds: number, unit: string]> = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** `in 5 minutes`, `3 hours ago`, `now`; a day after two weeks. */
export function relative(time: Date, now: Date) {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000);
  const far = Math.abs(seconds);
  if (far >= 14 * 86_400) return onDay(time);
  for (const [length, unit] of steps)
    if (far >= length) {
      const text = counted(Math.floor(far / length), unit);
      return seconds > 0 ? `in ${text}` : `${text} ago`;
    }
  return seconds > 5 ? `in ${far} seconds` : 'just now';
}

/** The name of an API key for people. */
export const keyText = (name: string | undefined) => (name === '-api-key' ? 'the server’s own key' : (name ?? ''));

/** A word of the API for people: `terms_unsigned` is `Terms unsigned`. */
export function spoken(word: string) {
  const text = word.replaceAll('_', ' ').replaceAll('.', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
