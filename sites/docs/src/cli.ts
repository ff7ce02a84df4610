import { ensureBuilt } from './build.ts';

/** `npm run docs:build`: builds the site when it is missing or stale. */
const built = await ensureBuilt((line) => console.log(line));
console.log(
  built ? 'The documentation is built: sites/docs/dist.' : 'The documentation is up to date: sites/docs/dist.',
);
