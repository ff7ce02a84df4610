/** Characters of one line at most; a page with its HTML has about two million. */
const MAX_LINE = 64 * 1024 * 1024;

/** The lines of a body, without blank ones, as they arrive. @see rawLinesOf */
export async function* linesOf(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<string> {
  for await (const line of rawLinesOf(body, onBytes)) if (line.trim() !== '') yield line;
}

/**
 * The lines of a body as they arrive. A last line without an end counts.
 * @param onBytes told of each part that arrived
 * @throws Error when the body breaks, or a line is longer than 64 million characters
 */
export async function* rawLinesOf(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    onBytes();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Error(`a line is longer than ${MAX_LINE} characters`);
    yield* lines;
  }
  const last = rest + decoder.decode();
  if (last !== '') yield last;
}

/** A value of JSON; undefined for a text that is none, such as a line that was cut. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
