import type { Run } from '../command.ts';
import { contractCaller } from './contract-call.ts';

/** Erases the payload of a line at the party's own node, for ever; the line stays. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', line = ''] = positionals;
  const { call } = await contractCaller(values);
  const data = (await call(module, ['payloads', line], { method: 'DELETE' })) as {
    readonly heldBy: readonly string[];
  };
  const others = data.heldBy.length === 0 ? 'nobody else was given it' : data.heldBy.join('\n  ');
  return { data, text: `erased here; others to whom it was given:\n  ${others}` };
};
