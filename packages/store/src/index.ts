export { openStore } from './open.ts';
export type { Store, StoreOptions } from './open.ts';
export type { Named, Tx } from './transaction.ts';
export { deleteInParts } from './delete-in-parts.ts';
export { MigrationError, StoreConnectError, StoreError, StoreInUseError, StoreSetupError } from './errors.ts';
export { inspectDatabase } from './inspect.ts';
export type { Inspected } from './inspect.ts';
