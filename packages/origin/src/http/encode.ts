import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip, zstdCompress } from 'node:zlib';

/** Content encodings the origin speaks, in its own order of preference. */
export const ENCODINGS = ['gzip', 'br', 'zstd', 'deflate'] as const;
export type Encoding = (typeof ENCODINGS)[number] | 'identity';

const brotli = promisify(brotliCompress);
const compressors: Record<Exclude<Encoding, 'identity'>, (body: Buffer) => Promise<Buffer>> = {
  gzip: promisify(gzip) as (body: Buffer) => Promise<Buffer>,
  // Level 11, the default, costs a hundred times more for a few per cent.
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: promisify(zstdCompress) as (body: Buffer) => Promise<Buffer>,
  deflate: promisify(deflate) as (body: Buffer) => Promise<Buffer>,
};

export const encode = async (body: Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === 'identity' ? body : compressors[encoding](body);

/** The encoding for an `Accept-Encoding` header: highest `q`, then the origin's preference. */
export function chooseEncoding(header: string | undefined): Encoding {
  const accepted = new Map<string, number>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...params] = part.split(';').map((text) => text.trim().toLowerCase());
    const q = params.find((param) => param.startsWith('q='))?.slice(2);
    if (name !== '') accepted.set(name, q === undefined ? 1 : Number(q) || 0);
  }
  let best: Encoding = 'identity';
  let bestQ = 0;
  for (const encoding of ENCODINGS) {
    const q = accepted.get(encoding) ?? accepted.get('*') ?? 0;
    if (q > bestQ) [best, bestQ] = [encoding, q];
  }
  return best;
}
