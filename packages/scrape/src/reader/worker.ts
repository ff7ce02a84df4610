import { move } from 'piscina';
import { ownBuffer } from './own-buffer.ts';
import { read } from './read.ts';
import type { ReadTask } from './task.ts';

/** Entry of the worker threads. */
export default function run(task: ReadTask): unknown {
  const result = read(task, () => performance.now());
  return result.page === null ? result : { ...result, page: move(ownBuffer(result.page)) };
}
