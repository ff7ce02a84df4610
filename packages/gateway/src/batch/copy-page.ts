import type { Copied } from '@asa/jobs';
import type { RequestContext } from '../context.ts';
import type { Carried } from '../routes/page-request.ts';
import type { Services } from '../services.ts';

/** Stands in for fetching: what another item of the same batch, which asked for the same, was answered with. */
export const copyPage =
  ({ requestId, body: text }: Copied & { ok: true }) =>
  async (services: Services, context: RequestContext): Promise<Carried> => {
    const body = JSON.parse(text) as Record<string, unknown>;
    // Its attempts are shown as those that were made for another request.
    const trace = await services.traces.get(requestId, context.principal?.workspaceId).catch(() => null);
    const attempts = (trace?.attempts ?? []).map((attempt) => ({ ...attempt, shared: true }));
    context.attempts.push(...attempts);
    const { pages_fetched: pages } = body;
    return {
      attempts,
      planMs: 0,
      fetchMs: 0,
      judgeMs: 0,
      extractMs: 0,
      fields:
        trace === null
          ? null
          : {
              found: trace.extractor.fields_found,
              missing: trace.extractor.fields_missing,
              failed: trace.extractor.fields_failed,
            },
      tickets: [],
      result: {
        ok: true,
        units: typeof pages === 'number' ? pages : 1,
        page: { url: trace?.resolved_url ?? '', status: attempts.at(-1)?.status ?? 200 },
        body,
      },
    };
  };
