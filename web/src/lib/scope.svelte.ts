// The accounts that the key is for, and the one that most pages are about.
import { get_accounts, type Account } from '../api';
import { asProblem, type Problem } from './request';
import { route } from './route.svelte';

class Scope {
  accounts = $state<Account[]>();
  /** The server's time when it listed them. */
  now = $state(new Date());
  problem = $state<Problem>();
  private reading: Promise<void> | undefined;

  /** The one in the address, or the first. */
  get account() {
    const named = route.place.query.account ?? (route.place.page === 'device' ? route.place.parts[0] : undefined);
    return named ?? this.accounts?.[0]?.name ?? 'default';
  }
  get current() {
    return this.accounts?.find((account) => account.name === this.account);
  }
  /** For links, which name an account only where there are several. */
  get named() {
    return (this.accounts?.length ?? 1) > 1 ? this.account : undefined;
  }

  /** Reads them; once at a time, however many ask. */
  read() {
    this.reading ??= this.readNow().finally(() => (this.reading = undefined));
    return this.reading;
  }
  private async readNow() {
    try {
      const answer = await get_accounts();
      this.accounts = answer.accounts;
      this.now = new Date(answer.now);
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}

export const scope = new Scope();
