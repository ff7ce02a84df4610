import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Results are written once and read a few times: a light level is the cheapest for both. */
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export const packText = async (text: string): Promise<Buffer> => compress(Buffer.from(text), OPTIONS);
export const unpackText = async (data: Buffer): Promise<string> => (await decompress(data)).toString();
