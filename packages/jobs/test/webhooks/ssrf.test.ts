import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, Socket, type NetConnectOpts } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { dnsResolve, systemResolve, type Resolve } from '../../src/webhooks/resolve.ts';
import { send, type SendOptions, type Sent } from '../../src/webhooks/send.ts';
import { startDns } from './helpers/dns.ts';
import { startReceiver } from './helpers/receiver.ts';
import { REFUSED_WHEN_SENT } from './hostile.ts';

const REFUSED = 'its address is not a public one';
const ADDRESS = /\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+/i;

const post = (url: string, options: Partial<SendOptions>): Promise<Sent> =>
  send(
    { url: new URL(url), headers: {}, body: Buffer.from('{"secret":"event"}') },
    { policy: { allowPrivate: false }, resolve: systemResolve, timeoutMs: 2000, ...options },
  );

/** A listener that hears the first byte, be it of HTTP or of TLS. */
async function startListener(
  t: TestContext,
): Promise<{ port: number; bytes: () => number; connections: () => number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    connections: () => sockets.length,
  };
}

describe('what a name resolves to', () => {
  for (const [name, addresses] of Object.entries(REFUSED_WHEN_SENT))
    it(`${name} (${addresses.join(', ')}) is refused`, async (t) => {
      const dns = await startDns(t, (asked) => (asked === name ? addresses : []));
      let opened = 0;
      const tcp = ((options: NetConnectOpts) => {
        const socket = connect(options);
        socket.on('connect', () => opened++);
        return socket;
      }) as typeof connect;
      const sent = await post(`https://${name}/`, { resolve: dnsResolve([dns.address]), tcp });
      assert.deepEqual(sent, { status: null, error: REFUSED, response: '' });
      assert.doesNotMatch(sent.error ?? '', ADDRESS);
      assert.equal(opened, 0);
      assert.deepEqual(dns.asked.toSorted(), [`${name} A`, `${name} AAAA`], 'it was asked for once');
    });

  it('a name that does not exist, and one whose servers say nothing, are failures that name neither', async (t) => {
    const dns = await startDns(t, (name) => (name.startsWith('silent') ? null : []));
    const resolve = dnsResolve([dns.address]);
    const unknown = await post('https://unknown.example.com/', { resolve });
    assert.equal(unknown.error, 'its name does not resolve');
    const silent = await post('https://silent.example.com/', { resolve, timeoutMs: 200 });
    assert.equal(silent.error, 'no answer within 0.2 s');
  });
});

describe('rebinding', () => {
  const name = 'rebinding.example.com';

  it('the connection goes to the addresses that were checked, and asks for the name only once', async (t) => {
    // Public when it is asked for the first time, the loopback ever after.
    const dns = await startDns(t, (_, time) => (time === 0 ? ['93.184.216.34'] : ['127.0.0.1']));
    const resolve = dnsResolve([dns.address]);
    const given: string[] = [];
    const tcp = (({ host, port, lookup }: { host: string; port: number; lookup: unknown }) => {
      // What the engine does with a lookup, without opening anything to the outside.
      const call = lookup as (h: string, o: object, cb: (e: Error | null, a: { address: string }[]) => void) => void;
      const socket = new Socket();
      call(host, { all: true }, (error, addresses) => {
        if (error === null) given.push(...addresses.map(({ address }) => `${address}:${port}`));
        socket.destroy(error ?? Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
      });
      return socket;
    }) as unknown as typeof connect;
    const first = await post(`https://${name}/`, { resolve, tcp });
    assert.equal(first.error, 'the connection was refused');
    assert.deepEqual(given, ['93.184.216.34:443']);
    assert.deepEqual(dns.asked.toSorted(), [`${name} A`, `${name} AAAA`]);
    const second = await post(`https://${name}/`, { resolve, tcp });
    assert.equal(second.error, REFUSED, 'an attempt later is checked on its own');
    assert.equal(given.length, 1);
  });

  for (const scheme of ['https', 'http'])
    it(`a socket that ends up elsewhere than its lookup said is dropped before a byte of ${scheme} is sent`, async (t) => {
      const listener = await startListener(t);
      // A network in which a public address leads to a private one: only the socket itself knows.
      const tcp = (({ signal }: { signal: AbortSignal }) =>
        connect({ port: listener.port, host: '127.0.0.1', signal })) as unknown as typeof connect;
      const resolve: Resolve = async () => ['93.184.216.34'];
      const sent = await post(`${scheme}://${name}/`, { resolve, tcp });
      assert.deepEqual(sent, { status: null, error: REFUSED, response: '' });
      assert.equal(listener.connections(), 1);
      assert.equal(listener.bytes(), 0);
    });

  it('an address literal is no way round', async (t) => {
    const listener = await startListener(t);
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])
      for (const scheme of ['http', 'https'])
        assert.equal((await post(`${scheme}://${host}:${listener.port}/`, {})).error, REFUSED, host);
    assert.equal(listener.connections(), 0);
  });

  it('a public address of this very machine is refused', async (t) => {
    const listener = await startListener(t);
    const own = new Set(['93.184.216.34']);
    const sent = await post(`https://${name}:${listener.port}/`, {
      resolve: async () => ['93.184.216.34'],
      own: () => own,
    });
    assert.equal(sent.error, REFUSED);
    assert.equal(listener.connections(), 0);
  });
});

describe('with private targets allowed', () => {
  const policy = { allowPrivate: true };

  it('a name of the hosts file and a loopback address are reached', async (t) => {
    const receiver = await startReceiver(t);
    for (const host of ['localhost', '127.0.0.1'])
      assert.equal((await post(`http://${host}:${receiver.port}/hook`, { policy })).status, 204, host);
    assert.equal(receiver.got.length, 2);
  });

  it('metadata, link-local and meaningless addresses are not', async () => {
    for (const address of [
      '169.254.169.254',
      'fe80::1',
      'fd00:ec2::254',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '100.100.100.200',
    ])
      assert.equal((await post('http://n8n/', { policy, resolve: async () => [address] })).error, REFUSED, address);
  });

  it('a redirect is not followed, wherever it leads', async (t) => {
    const inner = await startReceiver(t);
    const target = await startReceiver(t, ({ path }, response) =>
      response.writeHead(Number(path.slice(1)), { location: `${inner.url}/latest/meta-data/` }).end('moved'),
    );
    for (const status of [301, 302, 303, 307, 308]) {
      const sent = await post(`${target.url}/${status}`, { policy });
      assert.deepEqual(sent, { status, error: `answered ${status}; redirects are not followed`, response: 'moved' });
    }
    assert.deepEqual(inner.traffic(), { connections: 0, bytes: 0 });
  });
});
