import { TIERS_FILE, type TiersFile } from './schema.ts';

export type ParsedTiers =
  | { readonly ok: true; readonly file: TiersFile }
  /** One line each: the place in the file and what is wrong there. Without values, which may hold credentials. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** The text of a tiers file, or every problem with it. Pure. */
export function parseTiers(text: string): ParsedTiers {
  const json = parseJson(text);
  if (!json.ok) return { ok: false, problems: [json.problem] };
  const parsed = TIERS_FILE.safeParse(json.value);
  if (parsed.success) return { ok: true, file: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${place(path)} ${message}`) };
}

/** `tiers[1].proxies[0].url`, as one would write it in code. */
function place(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    // Editors of some systems put a byte order mark before a text.
    return { ok: true, value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Its text quotes the file, and with it the credentials.
    const where = /line \d+ column \d+/.exec(error.message)?.[0];
    return { ok: false, problem: `the file is not JSON${where === undefined ? '' : ` (${where})`}` };
  }
}
