import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { eventually, startTestStore } from '@asa/store/testing';
import type { Ending } from '../../src/items/write.ts';
import { createEndingWriter } from '../../src/items/writer.ts';

const TICKS = [0, 1, 2, 3, 4];

/** Of a batch that is not there: to write it is a transaction like any other. */
const ending = (): Ending => ({
  kind: 'again',
  batchId: randomUUID(),
  index: 0,
  claimId: randomUUID(),
  at: null,
  counts: false,
});

/** Calls so many ticks of the microtask queue later. */
function after(ticks: number, call: () => void): void {
  if (ticks === 0) call();
  else queueMicrotask(() => after(ticks - 1, call));
}

test('what ends while the writer comes to rest is written, in whatever tick that is', async (t) => {
  const { store, close } = await startTestStore();
  t.after(close);
  const hooks = { batchEnded: async () => {}, itemsDone: async () => {} };
  for (const ticks of TICKS) {
    let written = 0;
    const writer = createEndingWriter({
      store,
      hooks,
      now: Date.now,
      log: assert.fail,
      letGo: () => {},
      onWritten() {
        written += 1;
        if (written === 1) after(ticks, () => writer.add(ending()));
      },
    });
    writer.add(ending());
    await eventually(`both are written, ${ticks} ticks`, () => written === 2 && writer.waiting() === 0);
  }
});
