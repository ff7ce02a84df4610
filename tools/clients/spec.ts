import { clientSpec } from '@asa/contract';

/** `spec/clients.json` with its types: what every client does alike. */
interface ClientSpec {
  readonly retry: Readonly<Record<string, number>>;
  readonly poll: Readonly<Record<string, number>>;
  readonly families: Readonly<Record<string, { readonly className: string; readonly about: string }>>;
  readonly codes: Readonly<Record<string, CodeRow & { readonly when: string }>>;
  readonly clientCodes: Readonly<Record<string, Omit<CodeRow, 'status' | 'waitSeconds'>>>;
  readonly statuses: Readonly<Record<string, StatusRow>>;
}
export interface CodeRow {
  readonly status: number;
  readonly family: string;
  readonly retryable: boolean;
  readonly waitSeconds: number | null;
  readonly title: string;
  readonly remedy: string;
}
interface StatusRow {
  readonly family: string;
  readonly retryable: boolean;
  readonly waitSeconds: number | null;
}

export const readSpec = (): ClientSpec => clientSpec();
