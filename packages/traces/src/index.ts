export { createTraces } from './traces.ts';
export type { Traces, TracesOptions } from './traces.ts';
export type { TraceQuery } from './read.ts';
export type { Deleted } from './retention.ts';
export type { Failure } from './tickets/file.ts';
export type { Tickets } from './tickets/tickets.ts';
export type { Written } from './writer.ts';
