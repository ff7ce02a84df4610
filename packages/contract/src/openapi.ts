import { z } from 'zod';
import { OPERATIONS } from './endpoints/operations.ts';
import type { Operation } from './endpoints/operation.ts';
import type { ParamSpec } from './endpoints/params.ts';
import { ERRORS, errorBody, errorRow, type ErrorCode } from './errors.ts';
import { tagOf, tagsOf } from './endpoints/tags.ts';
import { exampleOf } from './examples.ts';
import { HEADERS } from './headers.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the service: every operation with its parameters, typed answers and all its errors. Pure. */
export function openApi(publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ASA',
      version: '1.0.0',
      description: 'An open, self-hostable Amazon scraper API. Only 2xx answers cost credits.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: tagsOf(OPERATIONS),
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer asa_live_...`.' },
        header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        query: { type: 'apiKey', in: 'query', name: 'api_key' },
        admin: { type: 'http', scheme: 'bearer', description: 'The admin token.' },
      },
    },
  };
}

const ERROR_SCHEMA: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['error', 'message', 'docs_url', 'request_id'],
  properties: {
    error: { type: 'string', enum: Object.keys(ERRORS) },
    message: { type: 'string', description: 'What was wrong, the value, and what is allowed.' },
    docs_url: { type: 'string', description: 'The section of the docs about this code.' },
    request_id: { type: 'string', pattern: '^req_[0-9a-f]{12}$' },
  },
};

const SECURITY: Readonly<Record<Operation['auth'], readonly Json[]>> = {
  key: [{ bearer: [] }, { header: [] }, { query: [] }],
  admin: [{ admin: [] }],
  none: [],
};

function describe(operation: Operation): Json {
  const { success } = operation;
  return {
    operationId: operation.id,
    summary: operation.summary.replace(/\.$/, ''),
    tags: [tagOf(operation)],
    security: SECURITY[operation.auth],
    parameters: [
      ...Object.entries(operation.pathParams ?? {}).map(([name, about]) => ({
        name,
        in: 'path',
        required: true,
        description: about,
        schema: { type: 'string' },
      })),
      ...Object.entries(operation.headerParams ?? {}).map(([name, about]) => ({
        name,
        in: 'header',
        required: false,
        description: about,
        schema: { type: 'string' },
      })),
      ...Object.entries(operation.params ?? {}).map(([name, param]) => queryParameter(name, param)),
    ],
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': withExample(schemaOf(operation.body, 'input')) },
          },
        }),
    responses: {
      [success.status]: {
        description: 'Success.',
        headers: headersOf(operation.headers ?? ['requestId']),
        content: {
          [success.contentType ?? 'application/json']:
            success.schema === null ? { schema: { type: 'string' } } : withExample(schemaOf(success.schema, 'output')),
        },
      },
      ...(operation.empty === undefined ? {} : { 204: { description: operation.empty } }),
      ...errorResponses(operation.errors),
    },
  };
}

const withExample = (schema: Json): Json => ({ schema, example: exampleOf(schema) });

const queryParameter = (name: string, param: ParamSpec<unknown>): Json => ({
  name,
  in: 'query',
  required: param.required,
  description: param.about,
  schema: param.schema,
  ...(param.example === null ? {} : { example: asType(param.example, param.schema['type']) }),
});

/** In the type that the parameter's schema states. */
const asType = (text: string, type: unknown): unknown =>
  type === 'integer' || type === 'boolean' ? JSON.parse(text) : text;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const headersOf = (names: readonly (keyof typeof HEADERS)[]): Json =>
  Object.fromEntries(
    names.map((key) => [HEADERS[key].name, { description: HEADERS[key].about, schema: { type: 'string' } }]),
  );

/** One response per status: codes of one status share it, each with an example. */
function errorResponses(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, group]) => [
        status,
        {
          description: group.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
          headers: headersOf([
            'requestId',
            'cost',
            'attempts',
            'retryable',
            ...(group.some((code) => errorRow(code).retryAfter.kind !== 'none') ? (['retryAfter'] as const) : []),
          ]),
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/Error' },
              examples: Object.fromEntries(
                group.map((code) => [
                  code,
                  { value: errorBody(code, ERRORS[code].when, 'http://localhost:8080', 'req_9f2c8a1b3e4d') },
                ]),
              ),
            },
          },
        },
      ]),
  );
}
