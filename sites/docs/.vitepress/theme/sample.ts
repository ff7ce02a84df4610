import { h, type VNode } from 'vue';
import { SAMPLE } from '../../src/sample.ts';

/** The answer as a small panel of code. */
export const sampleAnswer = (): VNode =>
  h('figure', { class: 'sample-answer' }, [
    h('figcaption', null, 'GET /api/v1/amazon/product?query=B0ASA00001'),
    h('pre', { tabindex: 0 }, h('code', null, JSON.stringify(SAMPLE, null, 2))),
  ]);
