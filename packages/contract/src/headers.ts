/** Header names of answers (contract sections 4 and 7), once. */
export const HEADERS = {
  requestId: {
    name: 'X-Request-Id',
    about: 'Id of the request, `req_` and 12 lower-case hex digits. On every JSON answer.',
  },
  cost: { name: 'Asa-Cost', about: 'Credits taken for this answer; always 0 on an error.' },
  attempts: { name: 'Asa-Attempts', about: 'Attempts made at the marketplace; 0 when nothing was fetched.' },
  retryable: {
    name: 'Asa-Retryable',
    about: '`true` or `false`, on errors: whether the same request may succeed later.',
  },
  retryAfter: { name: 'Retry-After', about: 'Whole seconds to wait, at least 1, on errors with a known delay.' },
  extractorVersion: { name: 'Asa-Extractor-Version', about: 'Version of the extractor that read the page.' },
  resolvedUrl: { name: 'Asa-Resolved-Url', about: 'Final URL of the page.' },
  sourceStatus: { name: 'Asa-Source-Status', about: "The marketplace's HTTP status of the page." },
  concurrency: {
    name: 'Asa-Concurrency',
    about: "The key's requests in flight, this one included, and its ceiling: `3/50`.",
  },
  rps: { name: 'Asa-Rps', about: "The key's requests accepted in the last second and its sustained rate: `2/2`." },
  creditsRemaining: { name: 'Asa-Credits-Remaining', about: 'Credits that can still be spent after this answer.' },
  receipt: {
    name: 'Asa-Receipt',
    about:
      'Signed statement of what this answer was and cost (a JWS, EdDSA); keys at `/.well-known/asa-receipts.json`. On 200 of product and search.',
  },
  rateLimit: { name: 'RateLimit', about: "What is left of the key's rate, as a structured field of the IETF draft." },
  rateLimitPolicy: {
    name: 'RateLimit-Policy',
    about: "The key's rate policy, as a structured field of the IETF draft.",
  },
  allow: { name: 'Allow', about: 'Methods of a known path, on 404 for another method.' },
} as const;
