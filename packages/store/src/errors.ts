/**
 * A problem of the store that a human has to solve. `message` is one line that says what is wrong and what to do; it never holds a
 * password. Everything else a store throws is an error of PostgreSQL (`pg.DatabaseError`) or of the connection.
 */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** Another live process holds the data folder. */
export class StoreInUseError extends StoreError {
  override name = 'StoreInUseError';
  /** The process that holds the folder; null when it could not be learnt. */
  readonly pid: number | null;

  constructor(message: string, pid: number | null) {
    super(message);
    this.pid = pid;
  }
}

/** The database given by its URL does not answer, refuses the login, or is unfit. */
export class StoreConnectError extends StoreError {
  override name = 'StoreConnectError';
}

/** The embedded PostgreSQL cannot be set up or started: a folder, a permission, the disk, a missing binary. */
export class StoreSetupError extends StoreError {
  override name = 'StoreSetupError';
}

/** Migration files and database do not fit each other. */
export class MigrationError extends StoreError {
  override name = 'MigrationError';
}

/** The system's code of an error (`ENOENT`, `ECONNREFUSED`, or PostgreSQL's five characters), when it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The first line of an error's message. */
export function lineOf(error: unknown): string {
  // A name with several addresses fails with one error for each, and no text of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return lineOf(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n')[0] ?? '';
}
