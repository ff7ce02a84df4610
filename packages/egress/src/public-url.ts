/** Query parameters whose values are secrets whatever the site. */
const SECRET = /^(api[-_]?key|access[-_]?token|token|secret|password|passwd|auth)$/i;

/** A URL that may be shown in traces, logs and headers: without user info, and without the values of secret parameters. Pure. */
export function publicUrl(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  url.username = '';
  url.password = '';
  const secret = [...url.searchParams.keys()].filter((name) => SECRET.test(name));
  // Only then, because writing a parameter writes all of them anew and changes how they are escaped.
  for (const name of new Set(secret)) url.searchParams.set(name, '***');
  return url.href;
}
