// How the console asks the server: JSON in, JSON out, and every failure a Problem with the server's own sentence.

/** JSON that goes out as somebody wrote it, with its order and its mistakes. */
export class WrittenJson {
  constructor(readonly text: string) {}
}

export type Given = {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  signal?: AbortSignal;
};

/** What went wrong, for people: the server's text has the reason and what to do. */
export class Problem extends Error {
  /** `status`: that of HTTP; 0 when the server did not answer. */
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
  get isConflict() {
    return this.status === 409;
  }
}

let csrfToken = '';
let actor = '';
let whenSignedOut: (problem: Problem) => void = () => {};

/** What goes with each call: the token that the server wants with changes, and who makes them, for the registry of profiles. */
export function useSession(token: string, name: string) {
  csrfToken = token;
  actor = name;
}
/** `tell` is called when the server does not know the session any more. */
export function onSignedOut(tell: (problem: Problem) => void) {
  whenSignedOut = tell;
}

function textOf(value: string | number | boolean) {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

export function address(path: string, query: Given['query'] = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]]));
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

async function send(method: string, path: string, given: Given, headers: Record<string, string>) {
  try {
    return await fetch(address(path, given.query), {
      method,
      headers: { ...headers, ...(given.body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: given.body === undefined ? undefined : given.body instanceof WrittenJson ? given.body.text : JSON.stringify(given.body),
      signal: given.signal,
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new Problem(
      0,
      method === 'GET'
        ? 'The server does not answer. Check that it runs and that you can reach it, then try again.'
        : 'The server did not answer. It may have done what you asked, or not: look before you try again.',
    );
  }
}

async function problemOf(answer: Response) {
  const text = await answer.text().catch(() => '');
  let reason = '';
  try {
    reason = JSON.parse(text).error;
  } catch {
    // A proxy in between has answered.
  }
  return new Problem(answer.status, reason || `The server answered with status ${answer.status} ${answer.statusText}.`);
}

/** The answer to a call. Throws a Problem. */
export async function request<Answer>(method: string, path: string, given: Given = {}, key?: string): Promise<Answer> {
  const headers: Record<string, string> = { 'X-Muster-CSRF': csrfToken };
  if (/^[ -~]+$/.test(actor) && method !== 'GET') headers['X-Muster-Actor'] = actor;
  if (key !== undefined) headers.Authorization = `Bearer ${key}`;
  const answer = await send(method, path, given, headers);
  if (answer.ok) {
    const text = await answer.text();
    return (text ? JSON.parse(text) : {}) as Answer;
  }
  const problem = await problemOf(answer);
  if (problem.status === 401 && key === undefined) whenSignedOut(problem);
  throw problem;
}

/** Of whatever was thrown; a text is a sentence of the console's own. */
export function asProblem(error: unknown) {
  if (typeof error === 'string') return new Problem(-1, error);
  return error instanceof Problem ? error : new Problem(-1, `The console failed: ${String(error)}. Reload the page.`);
}
