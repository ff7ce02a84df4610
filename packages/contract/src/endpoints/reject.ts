import { Refusal, type ApiError } from '../errors.ts';

/**
 * The one error for everything wrong with a request's parameters: 400 with every problem, or, when a reserved parameter is
 * the only thing that is wrong, 501. Source: contract section 1.
 */
export const reject = (problems: readonly string[], reserved: readonly string[]): ApiError =>
  refuse(problems, reserved).toError();

/** The same, handed back. */
export function refuse(problems: readonly string[], reserved: readonly string[]): Refusal {
  const names = reserved.join(' and ');
  const notYet =
    reserved.length === 0
      ? []
      : [
          `${names} ${reserved.length > 1 ? 'are' : 'is'} reserved and not implemented yet; leave ${reserved.length > 1 ? 'them' : 'it'} out`,
        ];
  if (problems.length === 0) return new Refusal('not_implemented', sentence(notYet));
  return new Refusal('invalid_params', sentence([...problems, ...notYet]));
}

const sentence = (parts: readonly string[]): string => `${parts.join('; ')}.`;
