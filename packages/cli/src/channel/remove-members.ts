import type { Run } from '../command.ts';
import { decide } from './channel-operation.ts';
import { didsOf } from './listed-members.ts';

export const run: Run = async ({ values, positionals }) => {
  const [channel, ...who] = positionals as [string, ...string[]];
  return decide(values, { channel, kind: 'members.remove', body: { dids: await didsOf(values, who) } });
};
