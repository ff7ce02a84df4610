/** Bodies kept under a limit of bytes; the least recently used go first. */
export interface BodyCache {
  get(key: string): Buffer | undefined;
  set(key: string, body: Buffer): void;
  readonly bytes: number;
}

export function createBodyCache(maxBytes: number): BodyCache {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  const drop = (key: string, body: Buffer): void => {
    kept.delete(key);
    bytes -= body.length;
  };
  return {
    get(key) {
      const body = kept.get(key);
      if (body !== undefined) {
        kept.delete(key);
        kept.set(key, body);
      }
      return body;
    },
    set(key, body) {
      const old = kept.get(key);
      if (old !== undefined) drop(key, old);
      if (body.length > maxBytes) return;
      kept.set(key, alone(body));
      bytes += body.length;
      for (const [oldest, oldBody] of kept) {
        if (bytes <= maxBytes) break;
        drop(oldest, oldBody);
      }
    },
    get bytes() {
      return bytes;
    },
  };
}

/** A body that is a small part of a larger buffer (compressors answer such) would keep all of that alive. */
function alone(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.length) return body;
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}
