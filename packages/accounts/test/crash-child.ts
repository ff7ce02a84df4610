// A process that is to be killed: holds credits in the database of its first argument for the workspace of its second, and tells when it has.
import { tmpdir } from 'node:os';
import { openStore } from '@asa/store';
import { createAccounts } from '../src/index.ts';

const [databaseUrl = '', workspaceId = ''] = process.argv.slice(2);
const store = await openStore({ databaseUrl, dataDir: tmpdir(), poolSize: 4 });
const { ledger } = createAccounts({ store });
const holds = await Promise.all(
  Array.from({ length: 6 }, async (_, i) => {
    const requestId = `req_${String(i).padStart(12, 'c')}`;
    const outcome = await ledger.hold({ requestId, workspaceId, keyId: 'key_child', credits: 5 });
    if (outcome.status !== 'held') throw new Error(outcome.status);
    return outcome.hold;
  }),
);
const [first, second] = holds;
if (first === undefined || second === undefined) throw new Error('no holds');
await ledger.capture(first, 5);
await ledger.release(second);
process.stdout.write('held\n');
setInterval(() => {}, 1000);
