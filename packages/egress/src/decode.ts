import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

export type Decoded =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly verdict: 'too_large' | 'undecodable' };

interface Limits {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

type Decoder = (body: Uint8Array, limits: Limits) => Uint8Array;

/** Servers send both forms under `deflate` (RFC 9110 8.4.1.2 names zlib; many send it raw): the two zlib header bytes decide. */
const isZlib = (body: Uint8Array): boolean => {
  const [cmf = 0, flags = 0] = body;
  return (cmf & 0x0f) === 8 && ((cmf << 8) | flags) % 31 === 0;
};

const gunzip: Decoder = (body, limits) => gunzipSync(body, limits);

/** Content codings by name. Another coding is one more row. */
const DECODERS = new Map<string, Decoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', (body, limits) => (isZlib(body) ? inflateSync : inflateRawSync)(body, limits)],
  ['br', (body, limits) => brotliDecompressSync(body, limits)],
  [
    'zstd',
    (body, limits) =>
      zstdDecompressSync(body, {
        ...limits,
        // RFC 9659: a zstd body of HTTP needs no window over 8 MiB; a frame that asks for more would take it from our memory.
        params: { [constants.ZSTD_d_windowLogMax]: 23 },
      }),
  ],
]);

/** More codings on one body than this are no page. */
const MAX_CODINGS = 3;
const MIN_CHUNK = 64 * 1024;
const MAX_CHUNK = 4 * 1024 * 1024;
/** Pages shrink to about a sixth; one chunk that holds the whole output saves the copies of the joining. */
const USUAL_RATIO = 8;

/**
 * Undoes the content codings of a body, in one shot: for a worker thread, never for the event loop.
 * `maxBytes` bounds the output of each coding; a bomb ends there without its rest being unpacked. A stream that is cut short, an
 * unknown coding and bytes that are not what the header says are `undecodable`. An empty body is empty whatever its coding.
 */
export function decodeBody(body: Uint8Array, contentEncoding: string | null, maxBytes: number): Decoded {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) return { ok: false, verdict: 'undecodable' };
  let decoded = body;
  if (body.byteLength > 0) {
    for (const coding of codings.reverse()) {
      const decoder = DECODERS.get(coding);
      if (decoder === undefined) return { ok: false, verdict: 'undecodable' };
      const step = decodeOnce(decoder, decoded, maxBytes);
      if (!step.ok) return step;
      decoded = step.body;
    }
  }
  return decoded.byteLength > maxBytes ? { ok: false, verdict: 'too_large' } : { ok: true, body: decoded };
}

function decodeOnce(decoder: Decoder, body: Uint8Array, maxBytes: number): Decoded {
  const chunkSize = Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, body.byteLength * USUAL_RATIO));
  try {
    return { ok: true, body: decoder(body, { maxOutputLength: maxBytes, chunkSize }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { ok: false, verdict: 'too_large' };
    // zlib, brotli and zstd each name their errors in their own way, but only their errors carry a numeric errno.
    if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
      return { ok: false, verdict: 'undecodable' };
    }
    throw error;
  }
}
