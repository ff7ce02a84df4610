import { occurrences } from './find.ts';
import type { Outline } from './outline.ts';
import { endsName, isSpace } from './tags.ts';

/** The number of the last element that starts at or before the offset, -1 when none does. */
function lastStarted(outline: Outline, offset: number): number {
  const { start } = outline;
  let low = 0;
  let high = outline.count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** The number of the element in whose start tag the offset lies, -1 when it lies in text, a script or a comment. */
export function elementAt(outline: Outline, offset: number): number {
  const number = lastStarted(outline, offset);
  return number !== -1 && offset < (outline.open[number] ?? 0) ? number : -1;
}

/** Decides from the text around an occurrence whether its tag is worth reading. */
export type Fits = (source: string, at: number) => boolean;

const isQuote = (c: number): boolean => c === 34 || c === 39;
/** A value or class token ends at a quote, white space or the end of the tag. */
const endsValue = (c: number): boolean => isQuote(c) || endsName(c);

/** The text is the whole value of the attribute `name` there. */
export const asValueOf =
  (name: string, value: string): Fits =>
  (source, at) => {
    if (!endsValue(source.charCodeAt(at + value.length))) return false;
    let i = at - 1;
    if (isQuote(source.charCodeAt(i))) i--;
    while (isSpace(source.charCodeAt(i))) i--;
    if (source.charCodeAt(i) !== 61) return false;
    i--;
    while (isSpace(source.charCodeAt(i))) i--;
    return source.slice(i + 1 - name.length, i + 1).toLowerCase() === name;
  };

/** The text is a class token there. */
export const asToken =
  (token: string): Fits =>
  (source, at) => {
    const before = source.charCodeAt(at - 1);
    return endsValue(source.charCodeAt(at + token.length)) && (isQuote(before) || before === 61 || isSpace(before));
  };

/** Numbers of the elements whose start tag contains `what` in a place that fits, in order. */
export function* elementsWith(source: string, outline: Outline, what: string, fits?: Fits): Generator<number> {
  let last = -1;
  for (const at of occurrences(source, what, outline.length)) {
    if (fits !== undefined && !fits(source, at)) continue;
    const number = elementAt(outline, at);
    if (number === -1 || number === last) continue;
    last = number;
    yield number;
  }
}

/** Whether the text stands inside a script. */
export function inScript(source: string, outline: Outline, what: string): boolean {
  for (const at of occurrences(source, what, outline.length)) {
    const number = lastStarted(outline, at);
    if (
      outline.name[number]?.text === 'script' &&
      at >= (outline.open[number] ?? 0) &&
      at < (outline.end[number] ?? 0)
    ) {
      return true;
    }
  }
  return false;
}
