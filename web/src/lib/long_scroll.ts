// Scrolling through more rows than a browser can have pixels for: elements end at some 16 million pixels, a million rows need 32.
//
// The scrolled element is as high as possible. As long as somebody scrolls in small steps, rows move by as much as the page does; a
// large step, as by the scroll bar, goes to the same part of the list.

export const mostPixels = 8_000_000;

export class LongScroll {
  /** Where the view begins, in pixels of the whole list. */
  offset = 0;
  private last = 0;

  constructor(
    public rows: number,
    public readonly rowHeight: number,
    public view: number,
  ) {}

  get whole() {
    return this.rows * this.rowHeight;
  }
  /** The height of the element that is scrolled. */
  get height() {
    return Math.min(this.whole, mostPixels);
  }
  private get range() {
    return Math.max(this.whole - this.view, 0);
  }
  private get scrollRange() {
    return Math.max(this.height - this.view, 0);
  }
  private get isScaled() {
    return this.whole > mostPixels;
  }

  /** The element was scrolled to `top`. */
  scrolledTo(top: number) {
    const step = top - this.last;
    this.last = top;
    if (!this.isScaled) this.offset = top;
    else if (top <= 0) this.offset = 0;
    else if (top >= this.scrollRange - 1) this.offset = this.range;
    else if (Math.abs(step) <= 2 * this.view) this.offset += step;
    else this.offset = (top / this.scrollRange) * this.range;
    this.offset = Math.min(Math.max(this.offset, 0), this.range);
  }
  /** Shows this offset: where the element is to be scrolled to. */
  goTo(offset: number) {
    this.offset = Math.min(Math.max(offset, 0), this.range);
    this.last = this.isScaled ? Math.round((this.offset / this.range) * this.scrollRange) : this.offset;
    return this.last;
  }
  /** The rows in view, and where the first of them is drawn in the element. */
  visible(more = 6) {
    const first = Math.max(Math.floor(this.offset / this.rowHeight) - more, 0);
    const end = Math.min(Math.ceil((this.offset + this.view) / this.rowHeight) + more, this.rows);
    return { first, end, top: this.last + first * this.rowHeight - this.offset };
  }
}
