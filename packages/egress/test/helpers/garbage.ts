import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects the garbage of the process now. For what is released only when an object of native code is collected. */
export const collectGarbage = runInNewContext('gc') as () => void;
