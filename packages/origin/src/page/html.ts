/** Markup that is already safe. Anything else that goes into a template is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Piece = string | number | Html | null | false | readonly Piece[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\u00a0': '&nbsp;',
};

/** Text as it stands between tags or inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"'\u00a0]/g, (c) => ESCAPES[c] ?? c);

/** Markup built elsewhere. */
export const raw = (text: string): Html => new Html(text);

/** JSON inside a script element: it can neither end the element nor open a comment. */
export const scriptJson = (value: unknown): Html =>
  raw(
    JSON.stringify(value)
      .replaceAll('</', String.raw`<\/`)
      .replaceAll('<!--', String.raw`<\u0021--`),
  );

function piece(value: Piece): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(piece).join('');
  return escapeHtml(String(value));
}

/**
 * Tagged template for markup: strings and numbers are escaped, `null` and `false` vanish, lists are joined.
 * It is not called `html` because formatters rewrite templates of that name, scripts inside them included.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Piece[]): Html {
  let out = parts[0] ?? '';
  values.forEach((value, i) => (out += piece(value) + (parts[i + 1] ?? '')));
  return new Html(out);
}
