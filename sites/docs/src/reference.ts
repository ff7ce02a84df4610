import scalar from '@scalar/fastify-api-reference';
import { fastify } from 'fastify';
import { BASE } from './site.ts';

/** The files of the API reference: the page, its configuration, and the script of the viewer, all served from here. */
export async function referenceFiles(): Promise<Record<string, string | Buffer>> {
  return {
    'reference.html': PAGE,
    'reference/start.js': START,
    'reference/page.css': STYLE,
    'reference/scalar.js': await viewerScript(),
  };
}

/** The viewer comes as a Fastify plugin; its own door is asked for the script that it would serve. */
async function viewerScript(): Promise<Buffer> {
  const app = fastify();
  await app.register(scalar, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
  const page = await app.inject('/reference/');
  const source = /<script src="([^"]+)"/.exec(page.body)?.[1];
  if (source === undefined) throw new Error('the viewer of the API reference names no script');
  const script = await app.inject(new URL(source, 'http://x/reference/').pathname);
  await app.close();
  if (script.statusCode !== 200 || script.rawPayload.length < 100_000) throw new Error('the viewer has no script');
  return script.rawPayload;
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference · ASA docs</title>
<link rel="icon" href="${BASE}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${BASE}reference/page.css">
</head>
<body>
<header><a href="${BASE}">&larr; ASA docs</a><span>Put your test key into <b>Authentication</b>; <b>Test Request</b> answers from the sandbox.</span></header>
<main id="reference"></main>
<noscript><p>The API reference needs JavaScript. The same facts: <a href="/openapi.json">openapi.json</a> and <a href="${BASE}api/">the endpoints in words</a>.</p></noscript>
<script src="${BASE}reference/scalar.js"></script>
<script src="${BASE}reference/start.js"></script>
</body>
</html>
`;

/** Nothing leaves the house: no fonts, no proxy, no telemetry, no assistant of somebody else. */
const START = `Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  servers: [{ url: location.origin }],
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  defaultOpenAllTags: false,
  authentication: { preferredSecurityScheme: 'bearer' },
  metaData: { title: 'API reference · ASA docs' },
});
`;

const STYLE = `:root { --scalar-custom-header-height: 44px; }
body { margin: 0; }
header {
  position: sticky; top: 0; z-index: 30; box-sizing: border-box; height: 44px; padding: 0 16px;
  display: flex; gap: 20px; align-items: center; white-space: nowrap; overflow: hidden;
  font: 14px/1.4 system-ui, sans-serif; color: #fff; background: #115e59;
}
header a { color: #fff; }
header span { overflow: hidden; text-overflow: ellipsis; }
@media (max-width: 600px) { header span { display: none; } }
`;
