// The names of an account's profiles, by UUID: Apple and the devices know only that.
import { get_profiles, type RegistryEntry } from '../api';
import type { Names } from './devices';

export class ProfileNames {
  names = $state.raw<Names>(new Map());
  entries = $state.raw<RegistryEntry[]>([]);

  /** Without them the UUIDs are shown: no reason to show nothing. */
  async read(account: string) {
    try {
      const { profiles } = await get_profiles({ query: { account } });
      this.entries = profiles;
      const versions = new Map<string, number>();
      for (const profile of profiles) versions.set(profile.name, (versions.get(profile.name) ?? 0) + 1);
      this.names = new Map(
        profiles.map((profile) => [
          profile.profile_uuid,
          (versions.get(profile.name) ?? 0) > 1 ? `${profile.name} v${profile.version}` : profile.name,
        ]),
      );
    } catch {
      this.names = new Map();
    }
  }
}
