#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { AmazonScraperAPI } from 'asa-client';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { isLoopback, serveHttp } from './http.ts';
import { makeServer } from './server.ts';
import { VERSION } from './version.ts';

const USAGE = `asa-mcp ${VERSION}: an MCP server of the ASA Amazon scraper API

usage: asa-mcp                                     over stdio
       asa-mcp --http [--port 8090] [--host 127.0.0.1]   streamable HTTP at /mcp

environment: ASA_API_KEY   the key that pays (over HTTP: for callers without a key of their own, only on this machine)
             ASA_BASE_URL  address of the service, default http://localhost:8080`;

/** Models and their programs give a tool about a minute. */
const DEADLINE_MS = 50_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      http: { type: 'boolean', default: false },
      port: { type: 'string', default: '8090' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.version) {
    console.log(values.help ? USAGE : VERSION);
    return;
  }
  const { ASA_API_KEY: ownKey, ASA_BASE_URL: baseUrl } = process.env;
  const connect = (apiKey: string): AmazonScraperAPI =>
    new AmazonScraperAPI(apiKey, {
      userAgent: `asa-mcp/${VERSION}`,
      deadlineMs: DEADLINE_MS,
      timeoutMs: DEADLINE_MS,
      ...(baseUrl ? { baseUrl } : {}),
    });
  if (!values.http) {
    if (!ownKey) throw new Error('Set ASA_API_KEY to the key of your workspace.');
    await makeServer(connect(ownKey)).connect(new StdioServerTransport());
    return;
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`--port ${JSON.stringify(values.port)} is not a number from 0 to 65535.`);
  // A key that everybody in the network could spend would not stay the owner's.
  const shared = isLoopback(values.host) && ownKey ? ownKey : null;
  const server = await serveHttp({ host: values.host, port, connect, ownKey: shared });
  console.error(`asa-mcp listens on ${server.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
