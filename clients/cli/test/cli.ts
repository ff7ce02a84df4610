import { Readable, Writable } from 'node:stream';
import { run } from '../src/program.ts';
import type { World } from '../src/world.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Options = Partial<Omit<World, 'argv' | 'stdin' | 'stdout' | 'stderr'>> & {
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly onOut?: (text: string) => void;
  readonly onErr?: (text: string) => void;
};

class Capture extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly #tell: ((text: string) => void) | undefined;
  constructor(isTTY: boolean, tell: ((text: string) => void) | undefined) {
    super();
    this.isTTY = isTTY;
    this.#tell = tell;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#tell?.(chunk.toString());
    done();
  }
}

/** Runs the command in this process, with streams of its own. */
export async function asa(argv: readonly string[], options: Options = {}): Promise<Ran> {
  const { stdin = '', terminal = false, onOut, onErr, ...world } = options;
  const [stdout, stderr] = [new Capture(terminal, onOut), new Capture(terminal, onErr)];
  const code = await run({
    argv,
    env: {},
    home: '/nonexistent',
    signal: new AbortController().signal,
    now: () => Date.now(),
    ...world,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
  });
  return { code, out: stdout.text, err: stderr.text };
}
