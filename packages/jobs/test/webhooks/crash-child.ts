// A process that is to be killed: sends what is due in the database of its first argument, and never ends by itself. Its second says what time it is.
import { tmpdir } from 'node:os';
import { openStore } from '@asa/store';
import { createWebhooks } from '../../src/webhooks/webhooks.ts';

const [databaseUrl = '', ms = ''] = process.argv.slice(2);
const store = await openStore({ databaseUrl, dataDir: tmpdir(), poolSize: 4 });
const hooks = createWebhooks({
  store,
  policy: { allowPrivate: true },
  bodyOf: async ({ batch_id, event, subject }) => JSON.stringify({ batch_id, event, subject }),
  now: () => Number(ms),
});
await hooks.wake();
setInterval(() => {}, 1000);
