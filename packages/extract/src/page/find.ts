/**
 * Where a plain text stands in a page. A page has a megabyte of the same few letters, and an engine looks for a text by
 * its first one; by the rarest letter of the text and the few after it, it is found two to five times as fast.
 */

/** Printable ASCII by how often it stands in pages, most often first. Counted once on saved pages. */
const OFTEN = ' aetison-rcdl"pum=gfvb.h_0,1;:/2<>wy&x()k3I5qC4AS69{}BT8FLz7DEjPRNMUOGWZ%VHYJXQ\'K|[]+#\\!?$*@^`~';
const RANK = new Uint8Array(256).fill(OFTEN.length);
for (let i = 0; i < OFTEN.length; i++) RANK[OFTEN.charCodeAt(i)] = i;

/** Longer texts make engines build tables first. */
const LONGEST = 6;

/** An engine finds the first of a few characters quickly, but every single one slowly. */
const SHORTEST = 3;

/** Offset of the rarest character of the text that has a few after it. */
function rarest(text: string): number {
  let best = 0;
  for (let i = 1; i <= text.length - SHORTEST; i++) {
    if ((RANK[text.charCodeAt(i)] ?? 0) > (RANK[text.charCodeAt(best)] ?? 0)) best = i;
  }
  return best;
}

/** Offset of the next occurrence of `what` (ASCII) at or after `from`, -1 when there is none. */
export function findText(text: string, what: string, from = 0): number {
  const pivot = rarest(what);
  const part = what.slice(pivot, pivot + LONGEST);
  for (let at = text.indexOf(part, from + pivot); at !== -1; at = text.indexOf(part, at + 1)) {
    if (text.startsWith(what, at - pivot)) return at - pivot;
  }
  return -1;
}

/** Offsets of `what` in the text before `limit`, in order; one does not overlap the next. */
export function* occurrences(text: string, what: string, limit: number = text.length): Generator<number> {
  for (let at = findText(text, what); at !== -1 && at < limit; at = findText(text, what, at + what.length)) yield at;
}
