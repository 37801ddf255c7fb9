// The webhooks, as they fare now. What is sent to them is no event of its own, but it follows what is: so the list is read after
// events, and while messages are on their way.
import { get_webhooks, type Webhook } from '../api';
import { live } from './live.svelte';
import { Loaded } from './loaded.svelte';

const afterEvents = 1500; // ms, in which most receivers have answered
const whileSending = 3000;
const longest = 60_000;

export class WebhookList {
  readonly loaded = new Loaded(async (signal) => (await get_webhooks({ signal })).webhooks);
  private next: ReturnType<typeof setTimeout> | undefined;
  private turn = 0; // of reading: only the last one goes on

  get all() {
    return this.loaded.value;
  }
  get problem() {
    return this.loaded.problem;
  }
  named(name: string) {
    return this.all?.find((webhook) => webhook.name === name);
  }

  async read() {
    const turn = ++this.turn;
    clearTimeout(this.next);
    await this.loaded.load();
    if (turn !== this.turn || this.problem) return;
    const wait = Math.min(...(this.all ?? []).map(untilItMoves));
    if (wait < Infinity) this.next = setTimeout(() => void this.read(), wait);
  }

  /** Keeps it as it is at the server until the function that it gives is called. `also` is read with it. */
  follow(also: () => void = () => {}) {
    const read = () => {
      void this.read();
      also();
    };
    read();
    const stop = live.follow(['state', 'arrivals', 'assignments', 'backfill', 'audit'], () => true, read, afterEvents);
    const stopReload = live.onReload(read);
    return () => {
      stop();
      stopReload();
      ++this.turn;
      clearTimeout(this.next);
      this.loaded.stop();
    };
  }
}

// In ms. Nothing happens to one that has had everything, or that nothing is sent to.
function untilItMoves({ status, progress }: Webhook) {
  if (status !== 'active' || progress.waiting === 0) return Infinity;
  if (!progress.next_try) return whileSending;
  const wait = new Date(progress.next_try).getTime() - Date.now() + whileSending;
  return Math.min(Math.max(wait, whileSending), longest);
}
