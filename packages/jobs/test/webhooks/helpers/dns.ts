import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const A = 1;
const AAAA = 28;

export interface DnsServer {
  /** As `dns.Resolver.setServers` takes it. */
  readonly address: string;
  /** Names that were asked for, with the type, in order. */
  readonly asked: string[];
}

/**
 * A real name server on the loopback.
 * @param answer the addresses of a name; `time` counts its questions of both types together, from 0. Null: it says nothing at all.
 */
export async function startDns(
  t: TestContext,
  answer: (name: string, time: number) => readonly string[] | null,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  const times = new Map<string, number>();
  socket.on('message', (query, peer) => {
    const { name, type, end } = question(query);
    const key = `${name} ${type === A ? 'A' : 'AAAA'}`;
    asked.push(key);
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    const addresses = answer(name, time);
    if (addresses === null) return;
    const records = addresses
      .filter((address) => address.includes(':') === (type === AAAA))
      .map((a) => recordOf(a, type));
    const known = addresses.length > 0;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    // An answer, recursion available; 3: there is no such name.
    head.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Points at the name of the question; lives one second. */
function recordOf(address: string, type: number): Buffer {
  const data = type === A ? Buffer.from(address.split('.').map(Number)) : ipv6(address);
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 1, 0, data.length]);
  return Buffer.concat([head, data]);
}

function ipv6(address: string): Buffer {
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = text.split('::');
  const groups = (part: string | undefined): number[] =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(left), groups(right)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
