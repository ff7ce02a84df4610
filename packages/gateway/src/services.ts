import type { Logger } from 'pino';
import type { Accounts, Redis } from '@asa/accounts';
import type { Jobs, Webhooks } from '@asa/jobs';
import type { ScrapeOptions, Source } from '@asa/scrape';
import type { Store } from '@asa/store';
import type { Traces } from '@asa/traces';
import type { Docs } from './docs/docs.ts';
import type { Doubts } from './doubts.ts';
import type { Metrics } from './metrics.ts';
import type { Rejections } from './rejections.ts';
import type { Shedding } from './shedding.ts';

/** A source of pages, and how the addresses of its pages are shown to callers. */
export interface ShownSource extends Source {
  readonly shown: (url: string) => string;
}

/** Everything the routes work with; made in compose.ts, closed in reverse order. */
export interface Services {
  readonly log: Logger;
  readonly store: Store;
  readonly accounts: Accounts;
  /** What nodes share their ceilings through; null: this is the only one. */
  readonly redis: Redis | null;
  readonly traces: Traces;
  readonly metrics: Metrics;
  readonly shedding: Shedding;
  readonly rejections: Rejections;
  readonly doubts: Doubts;
  readonly docs: Docs;
  readonly scrape: ScrapeOptions;
  readonly jobs: Jobs;
  readonly webhooks: Webhooks;
  /** Where the pages of live and of test keys come from. */
  readonly sources: { readonly live: ShownSource; readonly test: ShownSource };
  readonly adminToken: string;
  /** Where weaknesses are reported to; null when the operator named no address. */
  readonly securityContact: string | null;
  /** Without a trailing slash; known once the server listens. */
  readonly publicUrl: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newRequestId: () => string;
}
