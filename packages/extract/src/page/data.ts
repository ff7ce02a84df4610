import { occurrences } from './find.ts';
import { balancedEnd, parseLoose, readLiteral } from './literal.ts';
import type { Page } from './page.ts';
import { attr, rawTextOf } from './text.ts';

/** Longest literal that is read. The largest on the pages (variation data) are some 100 KB. */
const MAX_LITERAL = 2_000_000;
/** How many occurrences of a marker are tried. */
const MAX_TRIES = 40;
/** After a marker: the key's closing quote, the mark that follows it, and a call that parses a string. */
const LEAD = /(?:["']?\s*[:=])?\s*(?:[\w$.]*(?:parseJSON|JSON\.parse|eval)\(\s*)?/y;
const SCALAR = /["'`\d+.tfn-]/;

/** Ends of the marker's occurrences in the raw page. */
function* endsOf(raw: string, marker: string | RegExp): Generator<number> {
  if (typeof marker === 'string') {
    for (const at of occurrences(raw, marker)) yield at + marker.length;
    return;
  }
  const all = new RegExp(marker.source, marker.flags.includes('g') ? marker.flags : `${marker.flags}g`);
  for (const found of raw.matchAll(all)) yield found.index + found[0].length;
}

function literalAt(raw: string, decode: (start: number, end: number) => string, from: number): unknown {
  LEAD.lastIndex = from;
  LEAD.test(raw);
  const start = Math.max(from, LEAD.lastIndex);
  const c = raw[start] ?? '';
  if (c === '{' || c === '[') {
    const end = balancedEnd(raw, start, MAX_LITERAL);
    return end === -1 ? null : parseLoose(decode(start, end));
  }
  if (!SCALAR.test(c)) return null;
  const called = raw.slice(from, start).includes('(');
  const value = readLiteral(decode(start, lineEnd(raw, start)));
  return called && typeof value === 'string' ? parseLoose(value) : value;
}

/** Scalars stand on one line. */
function lineEnd(raw: string, from: number): number {
  const end = raw.indexOf('\n', from);
  return Math.min(end === -1 ? raw.length : end, from + MAX_LITERAL);
}

/** See `Page.jsonAfter`. */
export function jsonAfter(
  raw: string,
  decode: (start: number, end: number) => string,
  marker: string | RegExp,
): unknown {
  let tries = 0;
  for (const end of endsOf(raw, marker)) {
    const value = literalAt(raw, decode, end);
    if (value !== null) return value;
    if (++tries >= MAX_TRIES) return null;
  }
  return null;
}

/** One `<script type="a-state">` block: a named piece of the page's data. */
export interface DataState {
  readonly key: string;
  readonly value: unknown;
}

function keyOf(declared: string): string {
  const parsed = parseLoose(declared);
  if (typeof parsed === 'object' && parsed !== null && 'key' in parsed && typeof parsed.key === 'string') {
    return parsed.key;
  }
  return declared;
}

/** See `Page.dataStates`. A block's content is parsed when its value is asked for. */
export function dataStates(page: Page): DataState[] {
  return page.allByAttr('type', 'a-state').map((script) => {
    const text = rawTextOf(script);
    let value: { readonly parsed: unknown } | null = null;
    return {
      key: keyOf(attr(script, 'data-a-state') ?? ''),
      get value() {
        value ??= { parsed: parseLoose(text) };
        return value.parsed;
      },
    };
  });
}

/** See `Page.jsonLd`. */
export function jsonLd(page: Page): unknown[] {
  return page
    .allByAttr('type', 'application/ld+json')
    .map((script) => parseLoose(rawTextOf(script)))
    .filter((value) => value !== null);
}
