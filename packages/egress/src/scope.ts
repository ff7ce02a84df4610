/** A stretch of time that ends by itself, or earlier when its parent is aborted. */
export interface Scope {
  readonly signal: AbortSignal;
  /** What ended it: null while it is open. */
  readonly ended: 'time' | 'parent' | 'outrun' | null;
  /** Frees the timer and the listener, and aborts what still hangs on the signal. Does not change `ended`. Idempotent. */
  close(): void;
}

/** Why a signal aborts at the end of its scope. One for all: to make one costs more than the rest of the scope, and nobody reads its stack. */
const OVER = new DOMException('The scope is over', 'AbortError');

/**
 * Opens a scope of `ms` milliseconds below `parent`. Used in place of `AbortSignal.any` and `AbortSignal.timeout`, which keep
 * their timers and sources alive after the work is done and do not say which of them fired.
 */
export function openScope(parent: AbortSignal | undefined, ms: number): Scope {
  const controller = new AbortController();
  let ended: Scope['ended'] = null;
  let closed = false;
  const end = (by: 'time' | 'parent'): void => {
    if (closed) return;
    ended ??= by;
    close();
  };
  const onParent = (): void => end('parent');
  const timer = setTimeout(() => end('time'), Math.max(0, ms));
  const close = (): void => {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    parent?.removeEventListener('abort', onParent);
    controller.abort(OVER);
  };
  if (parent?.aborted) end('parent');
  else parent?.addEventListener('abort', onParent, { once: true });
  return {
    signal: controller.signal,
    get ended() {
      return ended;
    },
    close,
  };
}

/** A part of a scope that can be cut before it. */
export interface Part extends Scope {
  /** Ends it as `outrun`, unless it has ended. */
  cut(): void;
}

/** Opens a part of a scope. */
export function openPart(whole: Scope): Part {
  const controller = new AbortController();
  let isCut = false;
  const close = (): void => {
    whole.signal.removeEventListener('abort', close);
    controller.abort(OVER);
  };
  if (whole.signal.aborted) close();
  else whole.signal.addEventListener('abort', close, { once: true });
  return {
    signal: controller.signal,
    get ended() {
      return isCut ? 'outrun' : whole.ended;
    },
    close,
    cut() {
      if (controller.signal.aborted) return;
      isCut = true;
      close();
    },
  };
}

/** Settles as `work` does, or rejects with `ScopeEnded` as soon as the signal aborts; a later rejection of `work` goes to `onLate`. */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onLate: (error: unknown) => void,
): Promise<T> {
  let cut = false;
  const guarded = work.catch((error: unknown): never => {
    if (cut) onLate(error);
    throw error;
  });
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      cut = true;
      reject(new ScopeEnded());
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([guarded, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The scope that the work belonged to is over. */
export class ScopeEnded extends Error {
  constructor() {
    super('the scope ended');
    this.name = 'ScopeEnded';
  }
}
