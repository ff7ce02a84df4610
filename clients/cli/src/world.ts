import type { Clock } from 'asa-client';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

/** A stream that may be a terminal. */
export type Out = Writable & { readonly isTTY?: boolean; readonly columns?: number };
export type In = Readable & { readonly isTTY?: boolean };

/** Everything outside that a command touches; tests give their own. */
export interface World {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly stdin: In;
  readonly stdout: Out;
  readonly stderr: Out;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Time and chance of the client's retries; the real ones unless given. */
  readonly clock?: Partial<Clock>;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Paints for one stream: colours only on a terminal, and not where the user wants none (https://no-color.org). */
export function painter(stream: Out, env: World['env']): Paint {
  const isPlain = stream.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isPlain ? (_, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}

/** The text without control characters: what a page shows must not steer a terminal. */
export const printable = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ');
