import { describe, expect, it } from 'vitest';
import { LongScroll, mostPixels } from './long_scroll';

describe('a list that fits', () => {
  it('scrolls as any other', () => {
    const list = new LongScroll(1000, 32, 640);
    expect(list.height).toBe(32_000);
    list.scrolledTo(3200);
    expect(list.visible(0)).toEqual({ first: 100, end: 120, top: 3200 });
  });
});

describe('a list of a million rows', () => {
  const make = () => new LongScroll(1_000_000, 32, 640);

  it('is no higher than browsers can', () => expect(make().height).toBe(mostPixels));
  it('moves by pixels in small steps', () => {
    const list = make();
    for (let top = 100; top <= 1000; top += 100) list.scrolledTo(top);
    expect(list.offset).toBe(1000);
  });
  it('goes to any part in a large one', () => {
    const list = make();
    list.scrolledTo(mostPixels / 2);
    expect(list.visible(0).first / 1_000_000).toBeCloseTo(0.5, 3);
    list.scrolledTo(mostPixels / 2 + 32);
    const { first, top } = list.visible(0);
    expect(top).toBeLessThanOrEqual(mostPixels / 2 + 32);
    expect(top).toBeGreaterThan(mostPixels / 2);
    list.scrolledTo(mostPixels / 2 + 64);
    expect(list.visible(0).first).toBe(first + 1);
  });
  it('shows its first and its last row', () => {
    const list = make();
    list.scrolledTo(mostPixels - 640);
    expect(list.visible(0).end).toBe(1_000_000);
    list.scrolledTo(0);
    expect(list.visible(0).first).toBe(0);
  });
  it('goes where it is told', () => {
    const list = make();
    for (const row of [0, 1, 499_999, 999_980]) {
      const top = list.goTo(row * 32);
      list.scrolledTo(top); // the browser tells of it
      expect(list.visible(0).first).toBe(row);
    }
  });
});
