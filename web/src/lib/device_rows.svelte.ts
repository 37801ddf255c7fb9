// A list of devices as long as it is: the rows that are looked at are read, the rest is only counted.
//
// A block of rows is read behind the cursor of its position (GET /api/v1/device-positions). Until the positions are there, which takes
// the server a second for a million devices, the list is as long as what was read of it in order.
import { get_device_positions, get_devices, type Device } from '../api';
import { pagesOf } from './pages';
import { asProblem, type Problem } from './request';

export type Wanted = { account: string; filter?: string; uncovered?: boolean };

const firstBlock = 100;
const mostBlocks = 24; // kept in memory

export class DeviceRows {
  /** Devices of the whole list, as far as it is known. */
  total = $state(0);
  isCounted = $state(false);
  isBusy = $state(false);
  problem = $state<Problem>();
  /** Grows when rows came. */
  version = $state(0);

  private every = firstBlock;
  private cursors: string[] = [];
  private readonly blocks = new Map<number, Device[]>(); // in order of use
  private readonly reading = new Map<number, AbortController>();
  private counting: AbortController | undefined;
  private wanted: Wanted = { account: 'default' };

  /** Shows another list. Rows of the one before stay until those of the new one come. */
  async show(wanted: Wanted) {
    this.wanted = wanted;
    this.stop();
    this.isBusy = true;
    const own = (this.counting = new AbortController());
    try {
      const first = await this.readBehind('', firstBlock, own.signal);
      if (own.signal.aborted) return;
      this.blocks.clear();
      this.every = firstBlock;
      this.cursors = [];
      this.blocks.set(0, first.devices);
      this.isCounted = first.next_cursor === undefined;
      this.total = first.devices.length;
      this.problem = undefined;
      this.version++;
      this.isBusy = false;
      if (first.next_cursor !== undefined) await (wanted.uncovered ? this.readOn(first.next_cursor, own.signal) : this.count(own.signal));
    } catch (error) {
      if (own.signal.aborted) return;
      this.problem = asProblem(error);
      this.isBusy = false;
    }
  }
  stop() {
    this.counting?.abort();
    for (const reading of this.reading.values()) reading.abort();
    this.reading.clear();
  }

  /** The device of that row; nothing while it is read. Cheap: it is asked for each row that is drawn. */
  row(at: number): Device | undefined {
    const block = this.blocks.get(Math.floor(at / this.every));
    return block?.[at % this.every];
  }
  /** Reads what these rows lack. What else is under way is not wanted any more. */
  need(from: number, to: number) {
    if (this.problem || this.isBusy) return;
    const first = Math.floor(from / this.every), last = Math.floor(Math.max(to - 1, 0) / this.every);
    for (const [at, reading] of this.reading)
      if (at < first || at > last) {
        reading.abort();
        this.reading.delete(at);
      }
    for (let at = first; at <= last; at++) if (!this.blocks.has(at) && !this.reading.has(at)) void this.readBlock(at);
  }

  /** All devices of the list, a page at a time. */
  async *all(signal: AbortSignal): AsyncGenerator<Device[]> {
    for await (const page of pagesOf((cursor) => this.readBehind(cursor, 1000, signal))) yield page.devices;
  }

  private readBehind(cursor: string, limit: number, signal: AbortSignal) {
    const { account, filter, uncovered } = this.wanted;
    return get_devices({
      query: { account, limit, ...(cursor && { cursor }), ...(filter && { filter }), ...(uncovered && { uncovered: true }) },
      signal,
    });
  }

  private async count(signal: AbortSignal) {
    const { account, filter } = this.wanted;
    const positions = await get_device_positions({ query: { account, ...(filter && { filter }) }, signal });
    if (signal.aborted) return;
    const first = this.blocks.get(0) ?? [];
    this.cursors = positions.cursors;
    this.every = positions.every;
    this.total = Math.max(positions.devices, first.length);
    this.isCounted = true;
    if (this.every !== firstBlock) this.blocks.clear();
    this.version++;
  }
  // Few of many, without positions.
  private async readOn(cursor: string | undefined, signal: AbortSignal) {
    for (let at = 1; cursor !== undefined; at++) {
      const page: { devices: Device[]; next_cursor?: string } = await this.readBehind(cursor, firstBlock, signal);
      if (signal.aborted) return;
      this.blocks.set(at, page.devices);
      this.total += page.devices.length;
      cursor = page.next_cursor;
      this.version++;
    }
    this.isCounted = true;
  }

  private async readBlock(at: number) {
    const cursor = at === 0 ? '' : this.cursors[at - 1];
    if (cursor === undefined) return;
    const own = new AbortController();
    this.reading.set(at, own);
    try {
      const page = await this.readBehind(cursor, this.every, own.signal);
      if (own.signal.aborted) return;
      this.blocks.set(at, page.devices);
      if (!this.wanted.uncovered) this.forget();
      this.version++;
    } catch (error) {
      if (!own.signal.aborted) this.problem = asProblem(error);
    } finally {
      if (this.reading.get(at) === own) this.reading.delete(at);
    }
  }
  private forget() {
    for (const at of this.blocks.keys()) {
      if (this.blocks.size <= mostBlocks) return;
      this.blocks.delete(at);
    }
  }
}
