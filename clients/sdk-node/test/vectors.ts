import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SPEC = join(import.meta.dirname, '..', '..', '..', 'spec');

/** A file of `spec/`. */
export const spec = (name: string): unknown => JSON.parse(readFileSync(join(SPEC, name), 'utf8'));
