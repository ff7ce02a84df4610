import type { Answered } from './call.ts';
import type { AnswerMeta } from './meta.ts';

/** A call that runs: a promise of the answer, which can also tell what its headers said. */
export class Call<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'Call';
  readonly #answered: Promise<Answered<T>>;

  /** @internal made by the client */
  constructor(answered: Promise<Answered<T>>) {
    this.#answered = answered;
  }

  /** The answer together with its headers: cost, attempts, credits left, ceilings. */
  async withMeta(): Promise<{ readonly data: T; readonly meta: AnswerMeta }> {
    const { value, meta } = await this.#answered;
    return { data: value, meta };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise.
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answered.then(({ value }) => value).then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#answered.then(({ value }) => value).finally(onFinally);
  }
}
