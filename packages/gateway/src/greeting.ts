import type { Running } from './compose.ts';

interface Terminal {
  readonly isTerminal: boolean;
  readonly print: (line: string) => void;
}

/** What the greeting needs of a running server. */
type Greeted = Pick<Running, 'url' | 'dataDir' | 'firstStart' | 'keysFile' | 'adminTokenFile'>;

/** What a person sees after the start: where it listens, the documentation, what to do next; the keys only at the first start and only on a terminal. */
export function greet(running: Greeted, { isTerminal, print }: Terminal): void {
  const { url, dataDir, firstStart, keysFile, adminTokenFile } = running;
  print(`ASA listens on ${url}   docs: ${url}/docs/   data: ${dataDir}`);
  if (firstStart !== null && keysFile !== null) {
    print(`First start: the keys and a first request are in ${keysFile} (mode 0600).`);
    return;
  }
  if (!isTerminal) return;
  print('');
  if (firstStart !== null) {
    print('First start. These keys are shown once; keep them:');
    print(`  live key     ${firstStart.liveKey}   fetches real pages, from your own address`);
    print(`  test key     ${firstStart.testKey}   answers from the sandbox, never billed`);
    print(`  admin token  ${adminTokenFile ?? 'the one of ASA_ADMIN_TOKEN'}`);
    print('');
  }
  print('Try it:');
  print(`  ${firstRequest(url, firstStart?.testKey ?? '$ASA_API_KEY')}`);
}

/** The first request to copy: the sandbox answers it on any machine. */
export const firstRequest = (url: string, testKey: string): string =>
  `curl -s -H "Authorization: Bearer ${testKey}" "${url}/api/v1/amazon/product?query=B0ASA00001"`;
