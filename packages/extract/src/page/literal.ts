/**
 * A reader of the JavaScript literals in the pages' scripts: JSON, and beyond it single quotes, names without quotes,
 * trailing commas, comments and `undefined`. It reads data only; an expression makes the value null.
 */

const MAX_DEPTH = 64;
const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', null],
  ['NaN', null],
  ['Infinity', null],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);
const SKIP = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /[-+]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
const NAME = /[A-Za-z_$][\w$]*/y;

/** Not a literal: an expression, a cut text, or nested too deep. */
class NotLiteral extends Error {}

class LiteralReader {
  private readonly text: string;
  private at: number;
  private depth = 0;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  value(): unknown {
    this.skip();
    const c = this.text[this.at];
    if (c === '{') return this.nested(() => this.object());
    if (c === '[') return this.nested(() => this.array());
    if (c === '"' || c === "'" || c === '`') return this.string(c);
    const number = this.match(NUMBER);
    if (number !== null) return Number(number);
    const name = this.match(NAME);
    if (name !== null && CONSTANTS.has(name)) return CONSTANTS.get(name);
    throw new NotLiteral(`no literal at ${this.at}`);
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new NotLiteral('nested too deep');
    this.at++;
    const value = read();
    this.depth--;
    return value;
  }

  private object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.ends('}')) {
      this.skip();
      const c = this.text[this.at];
      const key = c === '"' || c === "'" ? this.string(c) : (this.match(NAME) ?? this.match(NUMBER));
      if (key === null) throw new NotLiteral(`no key at ${this.at}`);
      this.skip();
      if (this.text[this.at++] !== ':') throw new NotLiteral(`no colon at ${this.at}`);
      entries.push([key, this.value()]);
      this.separator('}');
    }
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    while (!this.ends(']')) {
      values.push(this.value());
      this.separator(']');
    }
    return values;
  }

  private ends(close: string): boolean {
    this.skip();
    if (this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private separator(close: string): void {
    this.skip();
    const c = this.text[this.at];
    if (c === ',') this.at++;
    else if (c !== close) throw new NotLiteral(`neither comma nor ${close} at ${this.at}`);
  }

  private string(quote: string): string {
    const { text } = this;
    let value = '';
    let from = ++this.at;
    for (; this.at < text.length; this.at++) {
      const c = text[this.at];
      if (c === quote) {
        value += text.slice(from, this.at++);
        return value;
      }
      if (c !== '\\') continue;
      value += text.slice(from, this.at) + this.escape();
      from = this.at + 1;
    }
    throw new NotLiteral('a string without end');
  }

  /** At a backslash; leaves the reader on the last character of the escape. */
  private escape(): string {
    const c = this.text[++this.at] ?? '';
    const digits = c === 'u' ? 4 : c === 'x' ? 2 : 0;
    if (digits > 0) {
      const hex = this.text.slice(this.at + 1, this.at + 1 + digits);
      if (hex.length === digits && /^[\da-f]+$/i.test(hex)) {
        this.at += digits;
        return String.fromCharCode(Number.parseInt(hex, 16));
      }
    }
    return c === '\n' ? '' : (ESCAPES.get(c) ?? c);
  }

  private skip(): void {
    SKIP.lastIndex = this.at;
    SKIP.test(this.text);
    this.at = Math.max(this.at, SKIP.lastIndex);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }
}

/** The literal that begins at `at`, or null when there is none. What follows it does not matter. */
export function readLiteral(text: string, at = 0): unknown {
  try {
    return new LiteralReader(text, at).value();
  } catch (error) {
    if (error instanceof NotLiteral) return null;
    throw error;
  }
}

/** Like `JSON.parse`, but null for what is not JSON, and lenient where the pages are (see above). */
export function parseLoose(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return readLiteral(text);
    throw error;
  }
}

/**
 * Offset after the bracket that closes the `{` or `[` at `from`, -1 when none does within `limit` characters. Quotes of
 * all three kinds hide brackets. Works on text of any encoding that keeps ASCII.
 */
export function balancedEnd(text: string, from: number, limit: number): number {
  const end = Math.min(text.length, from + limit);
  let depth = 0;
  for (let at = from; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) {
      if (--depth === 0) return at + 1;
    } else if (c === 34 || c === 39 || c === 96) {
      at = stringEnd(text, at, end);
      if (at === -1) return -1;
    }
  }
  return -1;
}

function stringEnd(text: string, from: number, end: number): number {
  const quote = text.charCodeAt(from);
  for (let at = from + 1; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === 92) at++;
    else if (c === quote) return at;
  }
  return -1;
}
