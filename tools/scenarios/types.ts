/** The words of `spec/vectors/scenarios.json`; README.md explains them. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** How an answer goes wrong on the wire. */
export type Fault =
  | 'reset'
  | 'silent'
  | 'reset_in_body'
  | 'truncate'
  | 'stall'
  | 'dribble'
  /** Only with `ndjson`: the stream breaks after its lines. */
  | 'reset_after_lines';

/** What the server does with one call. */
export interface Step {
  /** The call it expects: method and path, with the query when that matters. */
  readonly request: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry_after?: string;
  readonly fault?: Fault;
  /** The body: a sample with some keys set anew, an error of the table, a text, any JSON, or lines. */
  readonly sample?: string;
  readonly set?: JsonObject;
  /** Items that a batch sample carries as `results`, each over the sample item. */
  readonly results?: readonly JsonObject[];
  readonly error?: string;
  readonly text?: string;
  readonly json?: Json;
  readonly ndjson?: readonly JsonObject[];
  readonly separator?: string;
  /** A POST with another idempotency key than the one before. */
  readonly new_key?: boolean;
}

export interface ExpectedError {
  readonly family: string;
  readonly code: string;
  readonly status: number | null;
  readonly attempts?: number;
  readonly retry_after_ms: number | null;
  readonly message_contains?: string;
}

/** One operation that the client does. */
export interface Doing {
  readonly op: string;
  readonly args: JsonObject;
  readonly expect: {
    readonly result?: JsonObject;
    readonly items?: readonly JsonObject[];
    readonly error?: ExpectedError;
    readonly progress?: readonly number[];
  };
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly options?: {
    readonly max_attempts?: number;
    readonly deadline_ms?: number;
    readonly timeout_ms?: number;
    readonly retry_after_cap_ms?: number;
  };
  readonly cancel?: 'in_wait' | 'in_request';
  readonly script: readonly Step[];
  readonly do: readonly Doing[];
  readonly expect: { readonly calls: number; readonly waits_ms: readonly number[] };
}

export interface ScenarioFile {
  readonly api_key: string;
  readonly random: number;
  readonly scenarios: readonly Scenario[];
}

/** One call as it arrived. */
export interface Call {
  readonly method: string;
  /** Path and query after the run's base URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
