import type { z } from 'zod';
import { ApiError } from '../errors.ts';
import { quote } from './params.ts';

/** Reads a JSON body or throws `invalid_params` naming every problem with its place and value. */
export function parseBody<T>(schema: z.ZodType<T>, contentType: string | undefined, body: unknown): T {
  const result = schema.safeParse(readJson(contentType, body), { reportInput: true });
  if (result.success) return result.data;
  throw new ApiError('invalid_params', `${bodyProblems(result.error).join('; ')}.`);
}

/** The value of a JSON body. @throws ApiError `invalid_params` for another type, and for what is no JSON */
export function readJson(contentType: string | undefined, body: unknown): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i.test(contentType ?? '')) {
    throw new ApiError(
      'invalid_params',
      `The Content-Type is ${contentType === undefined ? 'missing' : quote(contentType)}; it must be application/json.`,
    );
  }
  const text = body instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }) : null;
  try {
    return JSON.parse(text === null ? '' : text.decode(body as Uint8Array));
  } catch (error) {
    throw new ApiError(
      'invalid_params',
      `The body is not valid JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}).`,
    );
  }
}

/** Every problem with its place and value; the input must be reported. */
export const bodyProblems = (error: z.core.$ZodError): string[] => error.issues.map((issue) => problemOf(issue));

function problemOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? 'the body' : issue.path.join('.');
  const value =
    issue.input === undefined
      ? ''
      : ` ${typeof issue.input === 'string' ? quote(issue.input) : JSON.stringify(issue.input).slice(0, 100)}`;
  return `${path}${value}: ${issue.message}`;
}
