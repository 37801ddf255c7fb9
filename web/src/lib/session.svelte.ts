// Who is signed in, and what that key may do.
import { get_session, sign_out, type Role, type Session } from '../api';
import { onSignedOut, Problem, request, useCsrfToken } from './request';

const order: Role[] = ['metrics', 'read', 'operator', 'admin'];

class SignedIn {
  /** Nothing before the server has answered, null when nobody is signed in. */
  session = $state<Session | null>();
  /** Why nobody is signed in any more. What is on the page stays until somebody is again. */
  lost = $state<Problem>();

  /** Whether the key may do what needs this role. */
  may(role: Role) {
    return this.session ? order.indexOf(this.session.role) >= order.indexOf(role) : false;
  }
  get seesAllAccounts() {
    return this.session?.accounts.includes('*') ?? false;
  }

  async ask() {
    try {
      this.take(await get_session());
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      this.session ??= null; // of somebody who was signed in, the page stays
    }
  }

  async signIn(key: string) {
    this.take(await request<Session>('POST', '/api/v1/session', {}, key));
  }

  async signOut() {
    await sign_out();
    this.session = null;
    this.lost = undefined;
  }

  private take(session: Session) {
    useCsrfToken(session.csrf_token ?? '');
    this.session = session;
    this.lost = undefined;
  }
}

export const signedIn = new SignedIn();

onSignedOut((problem) => {
  if (signedIn.session) signedIn.lost = problem;
});
