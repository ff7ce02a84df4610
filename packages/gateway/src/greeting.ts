import type { Running } from './compose.ts';

interface Terminal {
  readonly isTerminal: boolean;
  readonly print: (line: string) => void;
}

/** What a person sees after the start: where it listens, what to do next; the keys only at the first start and only on a terminal. */
export function greet(running: Running, { isTerminal, print }: Terminal): void {
  const { url, dataDir, firstStart, keysFile } = running;
  print(`ASA listens on ${url}   docs: ${url}/docs/guides/errors   data: ${dataDir}`);
  if (firstStart === null) return;
  if (keysFile !== null) {
    print(`First start: the keys and a first request are in ${keysFile} (mode 0600).`);
    return;
  }
  if (!isTerminal) return;
  print('');
  print('First start. These keys are shown once; keep them:');
  print(`  live key  ${firstStart.liveKey}`);
  print(`  test key  ${firstStart.testKey}   (sandbox: same answers, never billed, never touches the marketplace)`);
  print(`  admin token: ${running.adminTokenFile ?? 'from ASA_ADMIN_TOKEN'}`);
  print('');
  print('Try it:');
  print(`  ${firstRequest(url, firstStart.testKey)}`);
}

/** The first request to copy: the sandbox answers it on any machine. */
export const firstRequest = (url: string, testKey: string): string =>
  `curl -s -H "Authorization: Bearer ${testKey}" "${url}/api/v1/amazon/product?query=B0ASA00001"`;
