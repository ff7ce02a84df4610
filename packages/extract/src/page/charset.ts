/** Which encoding a page is in, and its text. Sources: the HTTP header, a byte order mark, `<meta>`; UTF-8 otherwise. */

/** Encodings whose tags are not ASCII bytes; such a page is turned into UTF-8 before it is read. */
const NOT_ASCII = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp', 'replacement']);
/** How far `<meta>` is looked for. The HTML standard says 1,024 bytes; the pages have scripts before it. */
const META_WITHIN = 16_384;

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder | null>();

/** The decoder of a label ("utf8", "shift_jis", "latin1", ...), null for a label that is none. */
function decoderOf(label: string): Decoder | null {
  const key = label.trim().toLowerCase();
  let decoder = decoders.get(key);
  if (decoder === undefined) {
    try {
      decoder = new TextDecoder(key, { ignoreBOM: true });
    } catch {
      // A label outside the Encoding standard is no encoding: the next source is asked.
      decoder = null;
    }
    if (decoders.size < 256) decoders.set(key, decoder);
  }
  return decoder;
}

function byteOrderMark(body: Uint8Array): { readonly label: string; readonly length: number } | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return { label: 'utf-8', length: 3 };
  if (body[0] === 0xfe && body[1] === 0xff) return { label: 'utf-16be', length: 2 };
  if (body[0] === 0xff && body[1] === 0xfe) return { label: 'utf-16le', length: 2 };
  return null;
}

const META = /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/i;

function fromMeta(body: Uint8Array): string | null {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, META_WITHIN)).toString('latin1');
  const label = META.exec(head)?.[1] ?? null;
  // A page whose ASCII could be read cannot be UTF-16, whatever it says (HTML standard).
  return label !== null && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

export interface DecodedBody {
  /** Bytes whose tags are ASCII, without a byte order mark. */
  readonly bytes: Buffer;
  /** Canonical name of the encoding of `bytes`. */
  readonly encoding: string;
  readonly decode: (start: number, end: number) => string;
}

/** Finds the encoding of a body whose content encoding has been undone. An unknown label counts as none. */
export function readBody(body: Uint8Array, contentType: string | null): DecodedBody {
  const mark = byteOrderMark(body);
  const inHeader = contentType === null ? null : (/charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType)?.[1] ?? null);
  const labels = [mark?.label, inHeader, fromMeta(body), 'utf-8'];
  const decoder = labels.map((label) => (label == null ? null : decoderOf(label))).find((d) => d !== null);
  const skipped = mark?.length ?? 0;
  let bytes = Buffer.from(body.buffer, body.byteOffset + skipped, body.byteLength - skipped);
  if (decoder === undefined || decoder.encoding === 'utf-8') return utf8(bytes);
  if (NOT_ASCII.has(decoder.encoding)) {
    bytes = Buffer.from(decoder.decode(bytes), 'utf8');
    return { ...utf8(bytes), encoding: decoder.encoding };
  }
  const kept = bytes;
  return {
    bytes,
    encoding: decoder.encoding,
    decode: (start, end) => decoder.decode(kept.subarray(start, end)),
  };
}

const utf8 = (bytes: Buffer): DecodedBody => ({
  bytes,
  encoding: 'utf-8',
  decode: (start, end) => bytes.toString('utf8', start, end),
});

/** The whole text of a page. */
export function decodeHtml(body: Uint8Array, contentType: string | null): string {
  const { bytes, decode } = readBody(body, contentType);
  return decode(0, bytes.length);
}
