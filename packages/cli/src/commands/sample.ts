import type { Command } from '../command.ts';

export const sampleSubscribers: Command = {
  name: 'sample subscribers',
  summary: 'Print fictional subscribers, the same for the same seed',
  options: {
    seed: { type: 'string', help: 'any text (default 20261122)' },
    operator: { type: 'string', help: 'operator (default zhonglian)' },
    count: { type: 'string', help: 'how many (default 12)' },
  },
  load: () => import('../sample/print-subscribers.ts'),
};
