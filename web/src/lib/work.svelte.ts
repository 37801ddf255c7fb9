// What somebody has the server do: one thing at a time, and why the last one failed.
import { asProblem, type Problem } from './request';

export class Work {
  problem = $state<Problem>();
  isBusy = $state(false);

  /** Does it, and forgets the problem before it. `failed` is for what has to be done about the new one. */
  async run(work: () => Promise<void>, failed?: (problem: Problem) => Promise<void> | undefined) {
    this.isBusy = true;
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
      await failed?.(this.problem);
    } finally {
      this.isBusy = false;
    }
  }
}
