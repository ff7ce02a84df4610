import { AmazonScraperAPI, type CallOptions, type ClientOptions } from 'asa-client';
import { configPath, readConfig, type Config } from './config.ts';
import { UsageError } from './exit.ts';
import { painter, type Paint, type World } from './world.ts';
import { VERSION } from './version.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly baseUrl?: string;
  readonly timeout?: number;
  readonly deadline?: number;
  readonly attempts?: number;
  readonly quiet?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly world: World;
  readonly options: GlobalOptions;
  /** For every call: given up when the user stops the command. */
  readonly call: CallOptions;
  /** Paints for stdout and for stderr. */
  readonly paint: Paint;
  readonly paintWords: Paint;
  /** A line for a person, on stderr; not with `--quiet`. */
  say(line: string): void;
  /** A line of the result, on stdout. */
  print(line: string): void;
  config(): Promise<Config>;
  client(more?: ClientOptions): Promise<AmazonScraperAPI>;
  admin(): Promise<AmazonScraperAPI['admin']>;
}

export function makeContext(world: World, options: GlobalOptions): Context {
  const { stdout, stderr, env } = world;
  const paintWords = painter(stderr, env);
  const say = (line: string): void => {
    if (options.quiet !== true) stderr.write(`${line}\n`);
  };
  const config = (): Promise<Config> => readConfig(configPath(world));
  const connect = (key: string, { base_url }: Config, more: ClientOptions): AmazonScraperAPI => {
    const baseUrl = options.baseUrl ?? (env['ASA_BASE_URL'] || base_url);
    return new AmazonScraperAPI(key, {
      userAgent: `asa-cli/${VERSION}`,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
      ...(options.deadline === undefined ? {} : { deadlineMs: options.deadline * 1000 }),
      ...(options.attempts === undefined ? {} : { maxAttempts: options.attempts }),
      onRetry: ({ attempt, maxAttempts, waitMs, error }) =>
        say(
          paintWords(
            'yellow',
            `attempt ${attempt} of ${maxAttempts}: ${error.code}; again in ${(waitMs / 1000).toFixed(1)} s`,
          ),
        ),
      ...(world.clock === undefined ? {} : { clock: world.clock }),
      ...more,
    });
  };
  return {
    world,
    options,
    call: { signal: world.signal },
    paint: painter(stdout, env),
    paintWords,
    say,
    print: (line) => void stdout.write(`${line}\n`),
    config,
    async client(more = {}) {
      const saved = await config();
      const key = env['ASA_API_KEY'] || saved.api_key;
      if (!key) throw new UsageError('No API key. Run "asa login", or set ASA_API_KEY.');
      return connect(key, saved, more);
    },
    async admin() {
      const saved = await config();
      const token = env['ASA_ADMIN_TOKEN'] || saved.admin_token;
      if (!token) throw new UsageError('No admin token. Set ASA_ADMIN_TOKEN, or run "asa login --admin".');
      return connect(token, saved, {}).admin;
    },
  };
}
