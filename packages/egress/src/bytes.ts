const START = 64 * 1024;
/** A content length is believed up to here before its bytes have arrived. */
const TRUSTED = 1024 * 1024;

/**
 * Collects a body up to a limit into one growing buffer. Keeping the chunks themselves would let a server that sends its body
 * one byte at a time take a hundred times the limit in chunk objects.
 */
export class BoundedBytes {
  readonly #limit: number;
  #buffer: ArrayBuffer;
  #size = 0;

  constructor(limit: number, expected: number | null) {
    this.#limit = limit;
    this.#buffer = new ArrayBuffer(Math.min(limit, Math.max(START, Math.min(expected ?? 0, TRUSTED))));
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a chunk; false when the limit is passed, and nothing is added then. */
  add(chunk: Uint8Array): boolean {
    const size = this.#size + chunk.byteLength;
    if (size > this.#limit) return false;
    if (size > this.#buffer.byteLength) {
      this.#buffer = this.#buffer.transfer(Math.min(this.#limit, Math.max(size, this.#buffer.byteLength * 2)));
    }
    new Uint8Array(this.#buffer).set(chunk, this.#size);
    this.#size = size;
    return true;
  }

  /** The bytes in a buffer of exactly their length; the collector is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#buffer.transfer(this.#size));
    this.#buffer = new ArrayBuffer(0);
    this.#size = 0;
    return bytes;
  }
}
