import type { Decision, OpenHold, State } from './decide.ts';

/** More workspaces than this are not remembered: those longest unused are read again when they are needed. */
const MAX_WORKSPACES = 20_000;

/**
 * What this process knows of balances and open holds from its own last writes and reads. It may be outdated by other processes; every
 * write finds out, by the hash.
 */
export interface Memory {
  /** The state to decide on without asking; null when the last one turned out stale, or there is none. */
  state: (workspaceId: string) => State | null;
  /** An open hold that is known to be open in that state; undefined when the database must be asked. */
  hold: (requestId: string) => OpenHold | undefined;
  /** What was just read. `holds`: those that were asked for and are open. */
  loaded: (state: State, holds: readonly OpenHold[]) => void;
  /** What was just written. */
  wrote: (decision: Decision) => void;
  /** What was decided on is not, or may not be, the state of the row any more. */
  stale: (workspaceId: string) => void;
}

interface Known {
  state: State;
  trusted: boolean;
  /** Another one after each reading that showed changes by others: they may have settled holds that were known to be open. */
  epoch: object;
}

/** @param max workspaces that are remembered at once */
export function createMemory(max = MAX_WORKSPACES): Memory {
  /** The longest unused first. */
  const known = new Map<string, Known>();
  const holds = new Map<string, { hold: OpenHold; epoch: object }>();

  const touch = (id: string, entry: Known): void => {
    known.delete(id);
    known.set(id, entry);
    if (known.size <= max) return;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  };
  return {
    state(id) {
      const entry = known.get(id);
      return entry?.trusted === true ? entry.state : null;
    },
    hold(requestId) {
      const entry = holds.get(requestId);
      return entry !== undefined && known.get(entry.hold.workspaceId)?.epoch === entry.epoch ? entry.hold : undefined;
    },
    loaded(state, open) {
      const id = state.workspaceId;
      const before = known.get(id);
      const same = before?.state.hash === state.hash;
      const epoch = before !== undefined && same ? before.epoch : {};
      // Where somebody else writes too it is read before each write, until nobody has between two of our own looks.
      touch(id, { state, trusted: before === undefined || same, epoch });
      for (const hold of open) holds.set(hold.requestId, { hold, epoch });
    },
    wrote({ after, opened, closed }) {
      const entry = known.get(after.workspaceId);
      for (const id of closed) holds.delete(id);
      if (entry === undefined) return;
      entry.state = after;
      touch(after.workspaceId, entry);
      for (const hold of opened) holds.set(hold.requestId, { hold, epoch: entry.epoch });
    },
    stale(id) {
      const entry = known.get(id);
      if (entry !== undefined) entry.trusted = false;
    },
  };
}
