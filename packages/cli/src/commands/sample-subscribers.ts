import { sampleSubscribers } from '@attestel/openid/issuer';
import type { Command } from '../command.ts';
import { fail } from '../errors.ts';

export const sampleSubscribersCommand: Command = {
  name: 'sample subscribers',
  summary: 'Print fictional subscribers, the same for the same seed',
  options: { seed: { type: 'string' }, operator: { type: 'string' }, count: { type: 'string' } },
  help: {
    seed: 'any text (default 20261122)',
    operator: 'operator (default zhonglian)',
    count: 'how many (default 12)',
  },
  run: async ({ values }) => {
    const seed = typeof values.seed === 'string' ? values.seed : '20261122';
    const count = wholeNumber(values.count, '--count', 12);
    const operator = typeof values.operator === 'string' ? values.operator : 'zhonglian';
    const subscribers = sampleSubscribers({ seed, operator, count });
    return { data: { subscribers }, text: JSON.stringify(subscribers, null, 2) };
  },
};

function wholeNumber(value: unknown, field: string, fallback: number): number {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw fail('option_invalid', { field });
  return number;
}
