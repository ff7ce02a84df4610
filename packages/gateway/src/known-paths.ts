/** Which methods each registered path has, so that a known path with another method can be told from an unknown path. */
export interface KnownPaths {
  add(pattern: string, methods: readonly string[]): void;
  /** Methods of the path of this URL, or none when the path is unknown. */
  methodsOf(url: string): string[];
}

/** An empty register of paths. */
export function knownPaths(): KnownPaths {
  const byPattern = new Map<string, { readonly regex: RegExp; readonly methods: Set<string> }>();
  return {
    add(pattern, methods) {
      const known = byPattern.get(pattern) ?? { regex: toRegex(pattern), methods: new Set<string>() };
      for (const method of methods) known.methods.add(method);
      byPattern.set(pattern, known);
    },
    methodsOf(url) {
      const path = decoded(url.split('?')[0] ?? '');
      const methods = new Set<string>();
      for (const known of byPattern.values())
        if (known.regex.test(path)) for (const method of known.methods) methods.add(method);
      return [...methods].toSorted();
    },
  };
}

/** The router matches decoded paths; one that does not decode is no known path. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** `:name` is one path segment, `*` the rest. */
const toRegex = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/:[A-Za-z_]+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );
