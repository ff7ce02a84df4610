import { AmazonScraperAPIError, CLIENT_CODES, CODES } from 'asa-client';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** A success: the facts as structured content, and the same as text for clients that only read that. */
export const success = (facts: Readonly<Record<string, unknown>>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(facts) }],
  structuredContent: { ...facts },
});

/** What a model reads of an error: the code, the reason, what to do. */
interface Told {
  readonly code: string;
  readonly reason: string;
  readonly what_to_do: string;
  readonly retryable: boolean;
  readonly retry_after_seconds?: number;
  readonly status?: number;
  readonly request_id?: string;
  /** Errors are free. */
  readonly cost_credits: 0;
}

const REMEDIES: Readonly<Record<string, { readonly remedy: string }>> = { ...CODES, ...CLIENT_CODES };

/** An error as the result of a tool, so that the model can act on it. */
export function failure(error: unknown): CallToolResult {
  const told = tell(error);
  return { content: [{ type: 'text', text: JSON.stringify(told) }], isError: true, _meta: { 'asa/error': told } };
}

function tell(error: unknown): Told {
  if (error instanceof AmazonScraperAPIError) {
    const { code, message, retryable, retryAfterMs, status, requestId } = error;
    const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code]?.remedy : undefined;
    return {
      code,
      reason: message,
      what_to_do: remedy ?? (retryable ? 'Try again later.' : 'Do not try the same again.'),
      retryable,
      ...(retryAfterMs === null ? {} : { retry_after_seconds: Math.ceil(retryAfterMs / 1000) }),
      ...(status === null ? {} : { status }),
      ...(requestId === null ? {} : { request_id: requestId }),
      cost_credits: 0,
    };
  }
  const isOurs = error instanceof InputError || error instanceof TypeError;
  return {
    code: isOurs ? 'invalid_params' : 'internal_error',
    reason: isOurs ? error.message : 'The tool failed in a way that was not foreseen.',
    what_to_do: isOurs ? CODES.invalid_params.remedy : 'Try again; when it stays, tell the operator.',
    retryable: !isOurs,
    cost_credits: 0,
  };
}

/** Arguments that are not what the tool takes. */
export class InputError extends Error {}
