import type { Outline } from './outline.ts';

/** The number of the element in whose start tag the offset lies, -1 when it lies in text, a script or a comment. */
export function elementAt(outline: Outline, offset: number): number {
  const { start, open } = outline;
  let low = 0;
  let high = outline.count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0 && offset < (open[high] ?? 0) ? high : -1;
}

/** Offsets of `what` in the text, in order. */
export function* occurrences(text: string, what: string, limit: number): Generator<number> {
  for (let at = text.indexOf(what); at !== -1 && at < limit; at = text.indexOf(what, at + what.length)) yield at;
}

/** Numbers of the elements whose start tag contains `what`, in order. */
export function elementsWith(source: string, outline: Outline, what: string): number[] {
  const numbers: number[] = [];
  for (const at of occurrences(source, what, outline.length)) {
    const number = elementAt(outline, at);
    if (number !== -1 && numbers.at(-1) !== number) numbers.push(number);
  }
  return numbers;
}
