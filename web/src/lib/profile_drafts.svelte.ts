// Profiles that somebody is writing. They stay until they are defined or discarded: not only while their page is open.

export type Draft = {
  text: string;
  /** The document that it began with; nothing for a new profile. */
  basis: string;
  /** Which version that was; 0 for none. */
  version: number;
  /** Of the configuration at that time. */
  revision: number;
  isTouched: boolean;
};

class ProfileDrafts {
  private readonly drafts = $state<Record<string, Draft>>({});

  /** `name`: of the profile; "" for a new one. */
  of(account: string, name: string): Draft | undefined {
    return this.drafts[key(account, name)];
  }
  put(account: string, name: string, draft: Draft) {
    this.drafts[key(account, name)] = draft;
  }
  discard(account: string, name: string) {
    delete this.drafts[key(account, name)];
  }
  get hasAny() {
    return Object.values(this.drafts).some((draft) => draft.text !== draft.basis);
  }
}
const key = (account: string, name: string) => JSON.stringify([account, name]);

export const drafts = new ProfileDrafts();

// Before the browser leaves the console, not before another page of it.
addEventListener('beforeunload', (event) => {
  if (drafts.hasAny) event.preventDefault();
});
