import { maskKeys, type Trace } from '@asa/contract';

/** Parameters that are secrets themselves. */
const SECRET_PARAMS: ReadonlySet<string> = new Set(['api_key']);
/** `user:password@` of a URL, and the value of an `api_key` in one. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s"\\/?#@]*@/gi;
const KEY_PARAM = /(\bapi_key=)[^&#"\s\\]*/gi;

/** A text without secrets that it may quote: keys are cut down to their short prefix, credentials of URLs are left out. */
export const cleanText = (text: string): string =>
  maskKeys(text.replace(USER_INFO, '$1').replace(KEY_PARAM, '$1')).replaceAll('\0', '\uFFFD');

/** A value as JSON without secrets in any of its texts. */
export const cleanJson = (value: unknown): string => cleanText(JSON.stringify(value));

export const cleanParams = (params: Trace['params']): string =>
  cleanJson(Object.fromEntries(Object.entries(params).filter(([name]) => !SECRET_PARAMS.has(name.toLowerCase()))));
