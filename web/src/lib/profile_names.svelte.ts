// The names of an account's profiles, by UUID: Apple and the devices know only that.
import { get_profiles, type RegistryEntry } from '../api';
import type { Names } from './devices';
import { asProblem, type Problem } from './request';

export class ProfileNames {
  names = $state.raw<Names>(new Map());
  entries = $state.raw<RegistryEntry[]>([]);
  isRead = $state(false);
  problem = $state<Problem>();
  private account = '';

  /** Without them the UUIDs are shown: no reason to show nothing. */
  async read(account: string) {
    if (account !== this.account) this.forget();
    this.account = account;
    try {
      const { profiles } = await get_profiles({ query: { account } });
      if (account !== this.account) return;
      this.entries = profiles;
      const versions = new Map<string, number>();
      for (const profile of profiles) versions.set(profile.name, (versions.get(profile.name) ?? 0) + 1);
      this.names = new Map(
        profiles.map((profile) => [
          profile.profile_uuid,
          (versions.get(profile.name) ?? 0) > 1 ? `${profile.name} v${profile.version}` : profile.name,
        ]),
      );
      this.isRead = true;
      this.problem = undefined;
    } catch (error) {
      if (account === this.account) this.problem = asProblem(error);
    }
  }
  private forget() {
    this.names = new Map();
    this.entries = [];
    this.isRead = false;
  }
}
