import { ownBuffer } from './own-buffer.ts';
import { read } from './read.ts';
import type { ReadResult, ReadTask } from './task.ts';

/** Entry of the worker threads. A page goes back only when it is for a ticket, which is rare enough to copy it. */
export default function run(task: ReadTask): ReadResult {
  const result = read(task, () => performance.now());
  return result.page === null ? result : { ...result, page: ownBuffer(result.page) };
}
