// Who is signed in, and what that key may do.
import { get_session, sign_out, type Role, type Session } from '../api';
import { onSignedOut, Problem, request, useSession } from './request';

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
    useSession(session.csrf_token ?? '', session.key === '-api-key' ? '' : session.key);
    this.session = session;
    this.lost = undefined;
  }
}

export const signedIn = new SignedIn();

// When its time is over the browser drops the cookie by itself, and the server only sees a call without a key.
onSignedOut((problem) => {
  const isDropped = problem.message.startsWith('this call needs an API key');
  if (signedIn.session) signedIn.lost = isDropped ? new Problem(401, 'your session is over') : problem;
});
