import { LEDGER_PARAMS, reject } from '@asa/contract';
import type { ApiRoute } from '../../api.ts';
import { callerOf } from '../../context.ts';
import { answerOf, streamed } from '../../stages/reply.ts';
import { pageOf, paramsOf } from '../../stages/parse.ts';

/** `GET /api/v1/ledger`: the workspace's own ledger, as pages or, with `format=ndjson`, as an export that can be checked offline. */
const ledgerRoute: ApiRoute = {
  endpoint: 'ledger',
  countsInFlight: false,
  traced: true,
  async work({ accounts }, context, request) {
    const principal = callerOf(context);
    const { format, limit, cursor, after } = paramsOf(request, LEDGER_PARAMS);
    const { workspaceId } = principal;
    if (format === 'ndjson') {
      const problems = [
        ...(limit === undefined ? [] : ['limit is for pages; an export has everything']),
        ...(cursor === undefined ? [] : ['cursor is for pages; an export goes on with after']),
      ];
      if (problems.length > 0) throw reject(problems, []);
      const lines = await accounts.ledger.export(workspaceId, after ?? 0);
      return streamed({ contentType: 'application/x-ndjson', pieces: () => ended(lines) });
    }
    if (after !== undefined) throw reject(['after is for format=ndjson; pages go on with cursor'], []);
    const { end, items, nextCursor } = await accounts.ledger.chain(workspaceId, pageOf({ limit, cursor }));
    return answerOf({ workspace: workspaceId, end, entries: items, next_cursor: nextCursor });
  },
};

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

export const registerLedger = (api: (url: string, route: ApiRoute) => void): void => api('/api/v1/ledger', ledgerRoute);
