// Something that is read from the server: what came last stays while it is read again, or cannot be.
import { asProblem, type Problem } from './request';

export class Loaded<Value> {
  value = $state.raw<Value>();
  problem = $state<Problem>();
  isBusy = $state(false);
  private reading: AbortController | undefined;

  constructor(private readonly read: (signal: AbortSignal) => Promise<Value>) {}

  /** Reads it; whatever is being read already is not wanted any more. */
  async load() {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    this.isBusy = true;
    try {
      const value = await this.read(reading.signal);
      if (reading.signal.aborted) return;
      this.value = value;
      this.problem = undefined;
    } catch (error) {
      if (!reading.signal.aborted) this.problem = asProblem(error);
    } finally {
      if (!reading.signal.aborted) this.isBusy = false;
    }
  }
  stop() {
    this.reading?.abort();
  }
}
