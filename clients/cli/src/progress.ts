import { Presets, SingleBar } from 'cli-progress';
import type { Context } from './context.ts';

export interface Progress {
  show(done: number, total: number, failed: number): void;
  stop(): void;
}

/** A bar on stderr; where that is no terminal, a line whenever another tenth is done. */
export function progressBar({ world, options, say }: Context): Progress {
  if (options.quiet === true) return { show: () => undefined, stop: () => undefined };
  if (world.stderr.isTTY !== true) return lines(say);
  const format = '{bar} {value}/{total} · {failed} failed · {duration_formatted}';
  const bar = new SingleBar({ format, stream: world.stderr, hideCursor: true }, Presets.shades_classic);
  let isStarted = false;
  return {
    show(done, total, failed) {
      if (!isStarted) bar.start(total, done, { failed });
      else bar.update(done, { failed });
      isStarted = true;
    },
    stop: () => bar.stop(),
  };
}

function lines(say: (line: string) => void): Progress {
  let told = -1;
  return {
    show(done, total, failed) {
      const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
      if (tenth === told) return;
      told = tenth;
      say(`${done} of ${total} done, ${failed} failed`);
    },
    stop: () => undefined,
  };
}
