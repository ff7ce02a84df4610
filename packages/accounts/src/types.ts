import type { KeyLimits, KeyMode, PlanName } from '@asa/contract';

/** What a room needs of its surroundings. */
export interface Context {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `size` bytes that cannot be guessed. */
  readonly random: (size: number) => Uint8Array;
  readonly log: (message: string, fields?: object) => void;
}

/** Who calls: a key that was recognised, and what it may do. */
export interface Principal {
  readonly keyId: string;
  readonly workspaceId: string;
  /** Start of the key, for messages, logs and traces. */
  readonly shortPrefix: string;
  readonly mode: KeyMode;
  readonly plan: PlanName;
  readonly limits: KeyLimits;
  readonly exitCountryOfChoice: boolean;
  /** The first key of those that took each other's place; budgets are of the line. */
  readonly line: string;
  /** Whether there is a budget that its requests count in. */
  readonly budgeted: boolean;
  /** Credits below which its workspace buys more; null: never. */
  readonly topUpBelow: number | null;
}
