import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Bytes that the bomb decodes to. */
export const BOMB_BYTES = 256 * 1024 * 1024;
const BLOCK = 1024 * 1024;

let built: Buffer | null = null;

/**
 * A valid gzip stream of `BOMB_BYTES` spaces. One block is compressed once and repeated, so that making it costs
 * a few milliseconds and a few hundred kilobytes.
 */
export function bomb(): Buffer {
  built ??= build();
  return built;
}

function build(): Buffer {
  const block = Buffer.alloc(BLOCK, ' ');
  // A full flush ends on a byte boundary and forgets what came before: such pieces can be put one after another.
  const piece = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH });
  const times = BOMB_BYTES / BLOCK;
  let check = 0;
  for (let i = 0; i < times; i++) check = crc32(block, check);
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(check, 0);
  tail.writeUInt32LE(BOMB_BYTES % 2 ** 32, 4);
  const end = Buffer.from([0x03, 0x00]);
  return Buffer.concat([head, ...Array.from({ length: times }, () => piece), end, tail]);
}
