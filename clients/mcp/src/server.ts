import type { AmazonScraperAPI } from 'asa-client';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { failure, InputError, success } from './result.ts';
import { TOOLS } from './tools.ts';
import { VERSION } from './version.ts';

const INSTRUCTIONS =
  'Amazon products and searches as their pages show them now. Answers are brief unless `detail` is full. Only successes cost credits. Errors tell the code, the reason and what to do; wait `retry_after_seconds` before the same call.';

const validator = new AjvJsonSchemaValidator();
const checks = new Map(
  TOOLS.map((tool) => [tool.name, validator.getValidator<Record<string, unknown>>(tool.inputSchema as never)]),
);

/** An MCP server with the tools of the service. `client` is what they call, and whose key pays. */
export function makeServer(client: AmazonScraperAPI): Server {
  const server = new Server(
    { name: 'asa', title: 'ASA Amazon scraper', version: VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ run: _run, ...told }) => told) as never,
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined)
      throw new McpError(ErrorCode.InvalidParams, `There is no tool ${JSON.stringify(params.name)}.`);
    try {
      const checked = checks.get(tool.name)?.(params.arguments ?? {});
      if (checked?.valid !== true)
        throw new InputError(`The arguments do not fit: ${checked?.errorMessage ?? 'unknown'}.`);
      return success(await tool.run(client, checked.data, signal));
    } catch (error) {
      return failure(error);
    }
  });
  return server;
}
