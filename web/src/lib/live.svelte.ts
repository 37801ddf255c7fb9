// What happens, as it happens: one stream of events for the whole console. Nothing polls.
import type {
  ArrivalsEvent,
  AssignmentsEvent,
  AuditEvent,
  BackfillEvent,
  ProgressEvent,
  StateEvent,
} from '../api';
import { signedIn } from './session.svelte';

export type Events = {
  state: StateEvent;
  progress: ProgressEvent;
  arrivals: ArrivalsEvent;
  assignments: AssignmentsEvent;
  backfill: BackfillEvent;
  audit: AuditEvent;
};
export type EventType = keyof Events;

const types: EventType[] = ['state', 'progress', 'arrivals', 'assignments', 'backfill', 'audit'];
const longestWait = 15_000; // ms between two attempts

type Listener = (type: EventType, data: never) => void;

class Live {
  /** Whether events come. What is shown may be old otherwise. */
  isConnected = $state(false);
  /** When the connection was lost; nothing while there is one, or before the first. */
  lostAt = $state<Date>();
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = 1000;
  private readonly listeners = new Map<Listener, readonly EventType[]>();
  private readonly reloads = new Set<() => void>();

  begin() {
    if (this.source) return;
    clearTimeout(this.retry);
    const source = new EventSource('/api/v1/events');
    this.source = source;
    // Behind each of them the page reads everything anew: it may have missed something.
    for (const first of ['ready', 'reset']) source.addEventListener(first, () => this.reload());
    for (const type of types)
      source.addEventListener(type, (event) => this.tell(type, JSON.parse((event as MessageEvent<string>).data) as never));
    source.onopen = () => {
      this.isConnected = true;
      this.lostAt = undefined;
      this.wait = 1000;
    };
    source.onerror = () => this.lose(source);
  }

  end() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
    this.isConnected = false;
    this.lostAt = undefined;
  }

  /** Calls `listener` with these events until the function that it gives is called. */
  listen<Type extends EventType>(wanted: readonly Type[], listener: (type: Type, data: Events[Type]) => void) {
    this.listeners.set(listener as unknown as Listener, wanted);
    return () => void this.listeners.delete(listener as unknown as Listener);
  }
  /** Calls `read` a moment after the first of several of these events that are about something of the page's: what changes at once
   * is read once. `wait`: ms. */
  follow<Type extends EventType>(wanted: readonly Type[], concerns: (data: Events[Type]) => boolean, read: () => void, wait = 700) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = this.listen(wanted, (_, data) => {
      if (!concerns(data)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        read();
      }, wait);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
  /** Calls `reload` when events were missed. */
  onReload(reload: () => void) {
    this.reloads.add(reload);
    return () => void this.reloads.delete(reload);
  }

  private tell(type: EventType, data: never) {
    for (const [listener, wanted] of this.listeners) if (wanted.includes(type)) listener(type, data);
  }
  private reload() {
    for (const reload of this.reloads) reload();
  }
  // The browser tries again by itself after a lost connection, with the last event's id, but not after an answer that is no stream.
  private lose(source: EventSource) {
    this.isConnected = false;
    this.lostAt ??= new Date();
    if (source.readyState !== EventSource.CLOSED) return;
    this.source = undefined;
    this.comeBackLater();
  }
  private comeBackLater() {
    this.retry = setTimeout(() => void this.comeBack(), this.wait);
    this.wait = Math.min(this.wait * 2, longestWait);
  }
  private async comeBack() {
    // Without a session the form to sign in opens, and begins anew.
    try {
      await signedIn.ask();
    } catch {
      return this.comeBackLater();
    }
    if (signedIn.session && !signedIn.lost) this.begin();
  }
}

export const live = new Live();
