/** Tokens of a brief answer at most. */
export const BRIEF_TOKENS = 400;

/**
 * How many tokens a text has for a language model, estimated from above. Tokenizers put a short word into one token, three digits,
 * two signs of JSON; of other scripts often less than one letter. Pure. (Held against real counts in the tests.)
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/[A-Za-z]+|\d+|\s+|[!-/:-@[-`{-~]+|[^A-Za-z\d\s]/gu)) {
    if (/^[A-Za-z]/.test(piece)) tokens += Math.ceil(piece.length / 5);
    else if (/^\d/.test(piece)) tokens += Math.ceil(piece.length / 3);
    else if (/^\s/.test(piece)) tokens += piece === ' ' ? 0 : 1;
    else if (/^[!-~]/.test(piece)) tokens += Math.ceil(piece.length / 2);
    else tokens += (piece.codePointAt(0) ?? 0) > 0xffff ? 3 : 1.5;
  }
  return Math.ceil(tokens);
}

/** The text cut to so many characters, with a mark that it was. */
export function cut(text: string, most: number): string {
  const points = Array.from(text);
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`;
}

type Facts = Readonly<Record<string, unknown>>;

/** Leaves out what is null, empty or false: it only costs tokens. */
export const compact = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).filter(
      ([, value]) =>
        value !== null &&
        value !== undefined &&
        value !== '' &&
        value !== false &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );

/**
 * The facts that fit into a brief answer. What is not `kept` goes, the last first, until the rest fits; lists lose their last elements before they go. Pure.
 */
export function fit(facts: Facts, kept: readonly string[], most = BRIEF_TOKENS): Facts {
  const rest: Record<string, unknown> = { ...facts };
  const fits = (): boolean => estimateTokens(JSON.stringify(rest)) < most;
  for (const name of Object.keys(facts).toReversed()) {
    if (fits()) break;
    const value = rest[name];
    if (Array.isArray(value)) {
      let list: unknown[] = value;
      while (list.length > 0 && !fits()) {
        list = list.slice(0, -1);
        rest[name] = list;
      }
      if (list.length > 0 || kept.includes(name)) continue;
    }
    if (!kept.includes(name)) delete rest[name];
  }
  return rest;
}
