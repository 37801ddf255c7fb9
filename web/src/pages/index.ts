// The pages, in the order of the navigation. Each is loaded when somebody goes there.
import type { Component } from 'svelte';
import type { Role } from '../api';
import { signedIn } from '../lib/session.svelte';

type Page = {
  title: string;
  needs: Role;
  isOfInstallation?: boolean; // needs a key for all accounts
  load: () => Promise<{ default: Component }>;
  isHidden?: boolean;
};

export const pages = {
  overview: { title: 'Overview', needs: 'read', load: () => import('./Overview.svelte') },
  devices: { title: 'Devices', needs: 'read', load: () => import('./Devices.svelte') },
  device: { title: 'Device', needs: 'read', load: () => import('./Device.svelte'), isHidden: true },
  rules: { title: 'Rules', needs: 'read', load: () => import('./Rules.svelte') },
  profiles: { title: 'Profiles', needs: 'read', load: () => import('./Profiles.svelte') },
  lists: { title: 'Lists and notes', needs: 'read', load: () => import('./Lists.svelte') },
  accounts: { title: 'Accounts', needs: 'admin', load: () => import('./Accounts.svelte') },
  webhooks: { title: 'Webhooks', needs: 'admin', isOfInstallation: true, load: () => import('./Webhooks.svelte') },
  audit: { title: 'Audit', needs: 'admin', isOfInstallation: true, load: () => import('./Audit.svelte') },
  keys: { title: 'Keys', needs: 'admin', isOfInstallation: true, load: () => import('./Keys.svelte') },
  missing: { title: 'Not found', needs: 'read', load: () => import('./Missing.svelte'), isHidden: true },
} satisfies Record<string, Page>;

export type PageName = keyof typeof pages;
export const isPage = (name: string): name is PageName => Object.hasOwn(pages, name);
/** Whether the key of who is signed in may see what is on it. */
export const isOpen = (page: Page) => signedIn.may(page.needs) && (!page.isOfInstallation || signedIn.seesAllAccounts);
export const navigation = Object.entries(pages as Record<string, Page>).filter(([, page]) => !page.isHidden);
