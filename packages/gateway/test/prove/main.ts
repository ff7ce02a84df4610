import { parseArgs } from 'node:util';
import { prove } from './prove.ts';

/** `npm run prove:billing -- [--kills 50] [--seed N]`: the proof of the billing, with its figures. Exit 0 when the three accounts agree. */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`${values.kills} kills, seed ${seed}`);
const figures = await prove({ kills: Number(values.kills), seed, log: console.log });
console.log(`The accounts agree.
  callers:  ${figures.requests} requests, ${figures.succeeded} successes and ${figures.failed} errors (${JSON.stringify(figures.errors)}) received whole; ${figures.inFlight} in flight at ${figures.kills} kills
  origin:   ${figures.pagesServed} pages served
  ledger:   ${figures.captures} captures, ${figures.credits} credits: one for each success received, and ${figures.unseen} that nobody received
  report:   ${figures.listed} listed, all ${figures.unseen} of those among them, and ${figures.listedButReceived} that were received after all; ${figures.refunded} credits refunded`);
