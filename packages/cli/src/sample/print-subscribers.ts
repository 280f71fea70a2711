import { sampleSubscribers } from '@attestel/openid/issuer';
import type { Run } from '../command.ts';
import { textOr, wholeNumber } from '../option-values.ts';

export const run: Run = async ({ values }) => {
  const subscribers = sampleSubscribers({
    seed: textOr(values, 'seed', '20261122'),
    operator: textOr(values, 'operator', 'zhonglian'),
    count: wholeNumber(values, 'count', { fallback: 12, least: 0, most: 10_000 }),
  });
  return { data: { subscribers }, text: JSON.stringify(subscribers, null, 2) };
};
