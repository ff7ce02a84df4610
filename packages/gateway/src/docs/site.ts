import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** A file of the documentation, ready to be sent. */
export interface DocsFile {
  readonly contentType: string;
  readonly etag: string;
  readonly body: Buffer;
  /** The same in brotli; null where it saves nothing. */
  readonly brotli: Buffer | null;
  /** Its name contains a hash of its content. */
  readonly immutable: boolean;
}

/** The built site in memory: what is not in this map is not served, whatever the path says. */
export interface DocsSite {
  readonly file: (path: string) => Promise<DocsFile | null>;
  /** SHA-256 of the inline scripts of its pages, for the content security policy. */
  readonly scripts: readonly string[];
}

/** The address in the samples of the built pages; the service's own takes its place. */
const SAMPLE_URL = 'http://localhost:8080';
/** A public URL of other characters could end the text it stands in. */
const HARMLESS = /^https?:\/\/[\w.:/~%[\]-]+$/;
const compress = promisify(brotliCompress);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Opens the built site in a folder, or answers null when there is none.
 * @param publicUrl put into the samples in place of the address they were written with.
 */
export async function openSite(folder: string, publicUrl: string): Promise<DocsSite | null> {
  const manifest = join(folder, 'site.json');
  if (!existsSync(manifest)) return null;
  const { scripts } = JSON.parse(await readFile(manifest, 'utf8')) as { scripts: string[] };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Promise<DocsFile> | null>();
  for (const entry of entries) {
    const name = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (entry.isFile() && extname(name) in TYPES && name !== 'site.json') files.set(name, null);
  }
  return {
    scripts,
    async file(path) {
      const name = nameOf(path, files);
      if (name === null) return null;
      const known = files.get(name) ?? load(join(folder, name), name, publicUrl);
      files.set(name, known);
      return await known;
    },
  };
}

/** `guides/errors` is `guides/errors.html`, a folder its `index.html`. */
function nameOf(path: string, files: ReadonlyMap<string, unknown>): string | null {
  const tries = path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`];
  return tries.find((name) => files.has(name)) ?? null;
}

async function load(file: string, name: string, publicUrl: string): Promise<DocsFile> {
  const raw = await readFile(file);
  const body =
    publicUrl === SAMPLE_URL || !HARMLESS.test(publicUrl) || name.startsWith('reference/')
      ? raw
      : Buffer.from(raw.toString('utf8').replaceAll(SAMPLE_URL, publicUrl));
  // Quality 5 costs a tenth of the best and is nearly as small; each file pays it once.
  const packed = await compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return {
    contentType: TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`,
    body,
    brotli: packed.length < body.length ? packed : null,
    immutable: name.startsWith('assets/'),
  };
}
