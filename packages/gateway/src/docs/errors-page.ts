import { ERROR_CODES, ERRORS, ERRORS_PAGE, errorRow, SANDBOX, type ErrorCode } from '@asa/contract';

/** The errors page, as Markdown and as HTML, from the catalogue. Every `docs_url` points to one of its anchors. */
const INTRO = [
  'Every answer that is not 2xx is free: no credit is taken for one. All errors have the same body of four strings, and the headers',
  '`Asa-Cost: 0`, `Asa-Attempts`, `Asa-Retryable` and, where a delay is known, `Retry-After`. A client that obeys only `Asa-Retryable` and `Retry-After` behaves correctly.',
];

const SAMPLE = (code: ErrorCode, publicUrl: string): string =>
  JSON.stringify(
    { error: code, message: '…', docs_url: `${publicUrl}${ERRORS_PAGE}#${code}`, request_id: 'req_9f2c8a1b3e4d' },
    null,
    2,
  );

function retryText(code: ErrorCode): string {
  const { retryable, retryAfter } = errorRow(code);
  if (!retryable) return 'No.';
  if (retryAfter.kind === 'fixed')
    return `Yes, after ${retryAfter.seconds} seconds (\`Retry-After: ${retryAfter.seconds}\`).`;
  return 'Yes, after the seconds in `Retry-After`.';
}

/** The ASIN that provokes this error with a test key, if there is one. */
function sandboxAsin(code: ErrorCode): string | null {
  return Object.entries(SANDBOX).find(([, row]) => row.outcome === code)?.[0] ?? null;
}

export function errorsMarkdown(publicUrl: string): string {
  const rows = ERROR_CODES.map(
    (code) =>
      `| ${ERRORS[code].status} | [\`${code}\`](#${code}) | ${ERRORS[code].title} | ${ERRORS[code].retryable ? 'yes' : 'no'} |`,
  );
  const sections = ERROR_CODES.map((code) => {
    const { status, when, remedy } = ERRORS[code];
    const asin = sandboxAsin(code);
    return [
      `<a id="${code}"></a>`,
      '',
      `## ${status} \`${code}\``,
      '',
      `**When:** ${when}`,
      '',
      `**What to do:** ${remedy}`,
      '',
      `**Retry:** ${retryText(code)}`,
      ...(asin === null ? [] : ['', `**Try it:** ask for \`query=${asin}\` with a test key.`]),
      '',
      '```json',
      SAMPLE(code, publicUrl),
      '```',
    ].join('\n');
  });
  return [
    '# Errors',
    '',
    ...INTRO,
    '',
    '| status | code | what it is | retry |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...sections.flatMap((s) => [s, '']),
  ].join('\n');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** Text with `code` spans; the catalogue's texts use no other markup. */
const inline = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

export function errorsHtml(publicUrl: string): string {
  const rows = ERROR_CODES.map(
    (code) =>
      `<tr><td>${ERRORS[code].status}</td><td><a href="#${code}"><code>${code}</code></a></td><td>${inline(ERRORS[code].title)}</td><td>${ERRORS[code].retryable ? 'yes' : 'no'}</td></tr>`,
  );
  const sections = ERROR_CODES.map((code) => {
    const { status, when, remedy } = ERRORS[code];
    const asin = sandboxAsin(code);
    return [
      `<section id="${code}"><h2>${status} <code>${code}</code></h2><dl>`,
      `<dt>When</dt><dd>${inline(when)}</dd><dt>What to do</dt><dd>${inline(remedy)}</dd><dt>Retry</dt><dd>${inline(retryText(code))}</dd>`,
      asin === null ? '' : `<dt>Try it</dt><dd>Ask for <code>query=${asin}</code> with a test key.</dd>`,
      `</dl><pre><code>${escape(SAMPLE(code, publicUrl))}</code></pre></section>`,
    ].join('');
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Errors · ASA</title>
<style>${STYLE}</style></head>
<body><main><h1>Errors</h1><p>${inline(INTRO.join(' '))}</p><p>This page as text: <a href="${ERRORS_PAGE}.md">errors.md</a></p>
<table><thead><tr><th scope="col">status</th><th scope="col">code</th><th scope="col">what it is</th><th scope="col">retry</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
${sections.join('\n')}
</main></body></html>
`;
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:0}main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}td,th{border-bottom:1px solid #8884;padding:.35rem .6rem;text-align:left}
section{margin-top:2rem;scroll-margin-top:1rem}section:target h2{text-decoration:underline}dt{font-weight:600}dd{margin:0 0 .5rem}
pre{background:#8881;padding:.75rem;overflow-x:auto;border-radius:.4rem}code{font-family:ui-monospace,monospace;font-size:.92em}`;
