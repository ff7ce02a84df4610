import { connect, type Socket } from 'node:net';

/** A client that costs so little that the server is what is measured: bare sockets, each with one request on its way. */
export interface Flood {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sockets: number;
  readonly ms: number;
  /** Called with the status and the whole text of every hundredth answer. */
  readonly check: (status: number, text: string) => void;
}

export interface Flooded {
  readonly answers: number;
  readonly perSecond: number;
}

const END_OF_HEAD = '\r\n\r\n';
const CHECK_EVERY = 100;

/** Sends as fast as it is answered for so long. */
export async function flood({ port, path, headers, sockets, ms, check }: Flood): Promise<Flooded> {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const started = performance.now();
  let answers = 0;
  const one = (): Promise<void> =>
    new Promise((done, failed) => {
      const socket: Socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      let got = '';
      socket.on('connect', () => socket.write(request));
      socket.on('error', failed);
      socket.on('close', () => done());
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        const head = got.indexOf(END_OF_HEAD);
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(got)?.[1]);
        if (got.length < head + END_OF_HEAD.length + length) return;
        answers += 1;
        if (answers % CHECK_EVERY === 1) check(Number(got.slice(9, 12)), got);
        got = '';
        if (performance.now() - started < ms) socket.write(request);
        else socket.destroy();
      });
    });
  await Promise.all(Array.from({ length: sockets }, one));
  return { answers, perSecond: answers / ((performance.now() - started) / 1000) };
}
