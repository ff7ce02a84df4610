import { FOREIGN, INTEGRATION, OPEN_CLOSES, RAW_TEXT, TEXT_ONLY, VOID } from './html-rules.ts';

/** What the outline needs to know of a tag name, looked up once a name. */
export interface TagName {
  readonly text: string;
  /** Its bytes are beyond ASCII: `text` is them read as Latin-1, not the name as written. */
  readonly beyondAscii: boolean;
  /** Small number of a kept name, -1 for one beyond the table. */
  readonly id: number;
  readonly isVoid: boolean;
  /** What stands between its tags: markup, text with character references, or text as it stands. */
  readonly content: 'markup' | 'text' | 'raw';
  /** Opening it closes these names at the top of the stack. */
  readonly closes: ReadonlySet<string> | undefined;
  /** It changes between HTML and a foreign language. */
  readonly context: 'foreign' | 'html' | null;
}

function describe(text: string, id: number): TagName {
  const context = FOREIGN.has(text) ? 'foreign' : INTEGRATION.has(text) ? 'html' : null;
  const content = RAW_TEXT.has(text) ? 'raw' : TEXT_ONLY.has(text) ? 'text' : 'markup';
  const beyondAscii = /[\u0080-\u00ff]/.test(text);
  return { text, beyondAscii, id, isVoid: VOID.has(text), content, closes: OPEN_CLOSES.get(text), context };
}

/** Names that are kept. Pages use about a hundred. */
export const KEPT = 4096;
const SLOTS = 1024;

/**
 * Names by their bytes in the page, without making a string a tag. The same few names come thousands of times a page;
 * strange ones are bounded by `KEPT` so that hostile pages cannot grow the table.
 */
const slots: ({ readonly raw: string; readonly name: TagName } | undefined)[] = Array.from({ length: SLOTS });
const byText = new Map<string, TagName>();

/** Lower case of ASCII only: the bytes beyond it belong to characters of some encoding. */
export const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The name written `text` (already in the letters the stack uses). */
export function tagName(text: string): TagName {
  let name = byText.get(text);
  if (name === undefined) {
    name = describe(text, byText.size < KEPT ? byText.size : -1);
    if (name.id !== -1) byText.set(text, name);
  }
  return name;
}

function same(bytes: Uint8Array, start: number, raw: string): boolean {
  for (let i = 0; i < raw.length; i++) if (bytes[start + i] !== raw.charCodeAt(i)) return false;
  return true;
}

/** The name at `[start, end)` of the page in HTML context: lower case, and `image` is `img`. */
export function tagNameAt(source: string, bytes: Uint8Array, start: number, end: number): TagName {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const kept = slots[slot];
  if (kept !== undefined && kept.raw.length === end - start && same(bytes, start, kept.raw)) return kept.name;
  // A copy: a slice would keep the whole page alive.
  const raw = Buffer.from(source.slice(start, end), 'latin1').toString('latin1');
  const lower = lowerAscii(raw);
  const name = tagName(lower === 'image' ? 'img' : lower);
  if (raw.length <= 32) slots[slot] = { raw, name };
  return name;
}
