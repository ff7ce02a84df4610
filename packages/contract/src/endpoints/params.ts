import { ALL_LANGUAGES, DOMAINS } from '../marketplaces.ts';
import { isCountry } from '../countries.ts';

/**
 * Parameters as text, before they mean anything: name -> every value given, in order.
 * Made from the raw query string, so that a parameter given twice is still visible.
 */
export type RawParams = ReadonlyMap<string, readonly string[]>;

/** Reads a query string (with or without "?"). Never throws. Broken UTF-8 becomes U+FFFD, which `readParams` refuses. */
export function rawParams(search: string): RawParams {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}

/** One parameter: how its text is read, and how the documents describe it. One declaration serves both. */
export interface ParamSpec<T> {
  readonly read: (text: string) => T | Problem;
  readonly required: boolean;
  readonly about: string;
  readonly example: string | null;
  /** JSON Schema of the parameter's text. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What the problems say of a value: short, escaped, so that a message is one readable line whatever was sent. */
export function quote(value: string): string {
  if (value.length <= 60) return JSON.stringify(value);
  const points = Array.from(value.slice(0, 200));
  return JSON.stringify(points.length > 60 || value.length > 200 ? `${points.slice(0, 60).join('')}…` : value);
}

/** Says what is wrong with a value; the reader's other answer. */
export class Problem {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

interface Doc {
  readonly about: string;
  readonly required?: boolean;
  readonly example?: string;
}

const spec = <T>(read: (text: string) => T | Problem, schema: Record<string, unknown>, doc: Doc): ParamSpec<T> => ({
  read,
  required: doc.required ?? false,
  about: doc.about,
  example: doc.example ?? null,
  schema,
});

/** A parameter with a reader of its own. `read` answers the value or a `Problem`. */
export const custom = spec;

/** One of a fixed set of words. */
export const choice = <T extends string>(name: string, values: readonly T[], doc: Doc): ParamSpec<T> => {
  const all = values.join(', ');
  return spec(
    (text) => values.find((v) => v === text) ?? new Problem(`${name} ${quote(text)} is not one of ${all}`),
    { type: 'string', enum: [...values] },
    doc,
  );
};

/** `true`, `false`, `1` or `0`. */
export const flag = (name: string, doc: Doc): ParamSpec<boolean> =>
  spec(
    (text) => {
      if (text === 'true' || text === '1') return true;
      if (text === 'false' || text === '0') return false;
      return new Problem(`${name} ${quote(text)} is not one of true, false, 1, 0`);
    },
    { type: 'boolean' },
    doc,
  );

/** A whole number between two bounds, both included. */
export const whole = (name: string, min: number, max: number, doc: Doc): ParamSpec<number> =>
  spec(
    (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max
        ? value
        : new Problem(`${name} ${quote(text)} is not a whole number from ${min} to ${max}`);
    },
    { type: 'integer', minimum: min, maximum: max },
    doc,
  );

/** Parameters that product and search share. */
export const SHARED = {
  domain: choice('domain', DOMAINS, {
    about: 'Marketplace: the part of its address after `amazon.`. Default `com`.',
    example: 'de',
  }),
  language: choice('language', ALL_LANGUAGES, {
    about: "UI language `xx_YY`, one of the marketplace's. Default: the marketplace's first.",
    example: 'en_GB',
  }),
  country: custom(
    (text) => {
      const code = text.toUpperCase();
      return isCountry(code)
        ? code
        : new Problem(`country ${quote(text)} is not an ISO 3166-1 alpha-2 code such as US or DE`);
    },
    { type: 'string', pattern: '^[A-Za-z]{2}$' },
    // No example: a try-it sends every example, and a plan without a choice would be refused.
    { about: 'Exit country, ISO 3166-1 alpha-2, for example `US`. Needs a plan with an exit country of choice.' },
  ),
  add_html: flag('add_html', { about: 'Add the source of the page as `html`.', example: 'false' }),
} as const;

/** Reserved for later: any value is 501 `not_implemented`. */
export const RESERVED = ['render_js', 'screenshot'] as const;

type Specs = Readonly<Record<string, ParamSpec<unknown>>>;
export type Values<S extends Specs> = { [K in keyof S]?: S[K] extends ParamSpec<infer T> ? T : never };

/**
 * Reads every declared parameter and collects EVERY problem. Unknown names are ignored; a declared (or reserved) name
 * given twice, a NUL byte and broken UTF-8 are problems. Values with a problem are left out.
 */
export function readParams<S extends Specs>(
  raw: RawParams,
  specs: S,
): { values: Values<S>; problems: string[]; reserved: string[] } {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  const reserved: string[] = [];
  const single = (name: string): string | undefined => {
    const given = raw.get(name);
    if (given === undefined) return undefined;
    if (given.length > 1) {
      problems.push(
        `${name} was given ${given.length} times (${given.slice(0, 3).map(quote).join(', ')}); give it once`,
      );
      return undefined;
    }
    const text = given[0] ?? '';
    if (text.includes('\0')) problems.push(`${name} ${quote(text)} contains a NUL byte`);
    else if (!text.isWellFormed() || text.includes('\uFFFD'))
      problems.push(`${name} ${quote(text)} is not valid UTF-8`);
    else return text;
    return undefined;
  };
  for (const name in specs) {
    const param = specs[name];
    if (param === undefined) continue;
    const text = single(name);
    if (text === undefined) {
      if (param.required && !raw.has(name)) problems.push(`${name} is missing`);
      continue;
    }
    const value = param.read(text);
    if (value instanceof Problem) problems.push(value.text);
    else values[name] = value;
  }
  for (const name of RESERVED) {
    if (!raw.has(name)) continue;
    if (single(name) !== undefined) reserved.push(name);
  }
  for (const [name, given] of raw) {
    if (name in specs || !(name.includes('\0') || given.some((value) => value.includes('\0')))) continue;
    if (!(RESERVED as readonly string[]).includes(name))
      problems.push(`the parameter ${quote(name)} contains a NUL byte`);
  }
  if ((raw.get('api_key')?.length ?? 0) > 1) problems.push('api_key was given more than once; give it once');
  return { values: values as Values<S>, problems, reserved };
}
