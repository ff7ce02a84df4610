import { pino, type Logger } from 'pino';

/** The log: JSON lines, or readable ones on a terminal. Secrets never come here; the redaction is the second lock on that door. */
export function createLog(level: string, isTerminal: boolean): Logger {
  return pino({
    level,
    base: null,
    redact: {
      paths: ['*.authorization', '*["x-api-key"]', '*.api_key', '*.cookie', 'authorization', 'api_key'],
      censor: '***',
    },
    ...(isTerminal ? { transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'time' } } } : {}),
  });
}
