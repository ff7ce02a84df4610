import { custom, Problem, quote } from './params.ts';

/** `POST /api/v1/amazon/batch/{id}/redeliver` */
export const REDELIVER_PARAMS = {
  delivery_id: custom(
    (text) =>
      /^msg_[0-9a-f]{32}$/.test(text)
        ? text
        : new Problem(`delivery_id ${quote(text)} is not the id of a delivery (msg_ and 32 hex digits)`),
    { type: 'string' },
    { about: 'Which delivery to send again. Default: the one of `batch.completed`.' },
  ),
} as const;
