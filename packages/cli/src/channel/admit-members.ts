import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { decide } from './channel-operation.ts';
import { listedMembers } from './listed-members.ts';

export const run: Run = async ({ values, positionals }) => {
  const members = await listedMembers(values);
  if (members.length === 0) throw fail('argument_missing', { field: '--writer or --reader' });
  return decide(values, { channel: positionals[0] as string, kind: 'members.set', body: { members } });
};
