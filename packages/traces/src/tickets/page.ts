import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

/** Bytes of a page that are kept. */
export const MAX_PAGE_BYTES = 12 * 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The page compressed, off the event loop; of a larger one its beginning. */
export const packPage = (page: Uint8Array): Promise<Buffer> => compress(page.subarray(0, MAX_PAGE_BYTES));

/** @throws when the bytes are not a page that `packPage` made. */
export const unpackPage = (packed: Uint8Array): Promise<Uint8Array> =>
  decompress(packed, { maxOutputLength: MAX_PAGE_BYTES });
