// What a change would do, as the server says: of what the form says now, and of nothing that it said before.
import type { Plan } from '../api';

/** Said when a change was refused because it would do more than the preview showed. */
export const moreThanShown = 'More devices would change by now than you saw, so nothing was changed. Look at the preview again.';

export class Preview<Answer extends { plan?: Plan }> {
  answer = $state.raw<Answer>();
  private question = 0;

  get plan() {
    return this.answer?.plan;
  }
  /** The form says something else now: the preview, shown or on its way, is not of it. */
  forget = () => {
    this.question++;
    this.answer = undefined;
  };
  /** Sends it, and shows the answer unless the form has changed meanwhile. */
  async ask(send: () => Promise<Answer>) {
    const question = this.question;
    const answer = await send();
    if (question === this.question) this.answer = answer;
    return answer;
  }
}
