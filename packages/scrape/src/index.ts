export { planProduct, planSearch } from './plan.ts';
export { numberCards, START } from './positions.ts';
export { failureMessage } from './messages.ts';
export { scrapeProduct, type ProductOutcome } from './product.ts';
export { scrapeSearch, type SearchOutcome } from './search.ts';
export { createReaderPool, type ReaderPool } from './reader/pool.ts';
export type { PageOutcome, ScrapeOptions, Source, Ticket, WorkFacts } from './scraper.ts';
export { Flights, type FlightStats } from './flights.ts';
