// Counts of days as charts need them: one for each day, also where nothing happened.
import type { DayCounts } from '../api';

const dayMs = 86_400_000;

/** `number` days up to `today` ("2026-03-01"), the oldest first. */
export function eachDay(days: DayCounts[], today: string, number: number): DayCounts[] {
  const known = new Map(days.map((one) => [one.day, one]));
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: number }, (_, at) => {
    const day = new Date(end - (number - 1 - at) * dayMs).toISOString().slice(0, 10);
    return known.get(day) ?? { day, arrived: 0, assigned: 0, calls: 0, failed_calls: 0, paused_seconds: 0 };
  });
}

/** The end of an axis: a whole number that people count to, at least `most`. */
export function axisEnd(most: number) {
  for (let power = 1; ; power *= 10)
    for (const step of power === 1 ? [1, 2, 3, 4, 5, 6, 8] : [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8]) if (step * power >= most) return step * power;
}
/** The same for seconds: whole minutes or hours, where there are any. */
export function durationAxisEnd(most: number) {
  const unit = most >= 3600 ? 3600 : most >= 60 ? 60 : 1;
  return unit * axisEnd(most / unit);
}

/** `1 h 20 min`, `45 s`. */
export function duration(seconds: number) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}
