import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ApiError,
  CREDITS_PER_UNIT,
  overMaxCredits,
  parseProductParams,
  parseSearchParams,
  rawParams,
} from '../src/index.ts';

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ApiError && error.code === 'invalid_params', String(error));
    return error.message;
  }
  return '';
};

test('a request that could cost more than max_credits is refused, and only such a one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(6000), (units, max) => {
      assert.equal(overMaxCredits(units, max, 'item') === null, units * CREDITS_PER_UNIT <= max);
      assert.equal(overMaxCredits(units, undefined, 'item'), null);
    }),
  );
});

test('what the message advises is accepted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(60), (pages, max) => {
      const message = refusal(() => parseSearchParams(rawParams(`query=x&pages=${pages}&max_credits=${max}`)));
      if (message === '') return;
      const enough = /give at least (\d+)/.exec(message)?.[1];
      assert.equal(
        refusal(() => parseSearchParams(rawParams(`query=x&pages=${pages}&max_credits=${enough}`))),
        '',
      );
      const fewer = /ask for at most (\d+) page/.exec(message)?.[1];
      if (fewer !== undefined)
        assert.equal(
          refusal(() => parseSearchParams(rawParams(`query=x&pages=${fewer}&max_credits=${max}`))),
          '',
        );
    }),
  );
});

test('a product costs one unit; a wrong max_credits and every other problem are told together', () => {
  assert.equal(
    refusal(() => parseProductParams(rawParams('query=B000000001&max_credits=5'))),
    '',
  );
  assert.match(
    refusal(() => parseProductParams(rawParams('query=B000000001&max_credits=4'))),
    /max_credits 4: this costs up to 5/,
  );
  assert.match(
    refusal(() => parseProductParams(rawParams('query=B000000001&max_credits=-1'))),
    /max_credits "-1" is not a whole/,
  );
  assert.match(
    refusal(() => parseProductParams(rawParams('query=x&max_credits=4'))),
    /query "x" .*; max_credits 4/,
  );
});
