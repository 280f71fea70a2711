import type { Command } from '../command.ts';
import { actAs, DATA_HELP, DATA_OPTION, dataDirOf } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

export const deskEvent: Command = {
  name: 'desk event',
  summary: 'Operator’s desk: record what happened to a line (suspend, resume, sim-swap, …)',
  positionals: ['EVENT'],
  options: { ...DATA_OPTION, ...NODE_OPTION, as: { type: 'string' }, number: { type: 'string' } },
  help: {
    ...DATA_HELP,
    ...NODE_HELP,
    as: 'operator that acts (default zhonglian)',
    number: 'E.164 number of the line',
  },
  run: async ({ values, positionals }) => {
    if (typeof values.number !== 'string') throw fail('argument_missing', { field: '--number' });
    const node = nodeOf(values);
    const acting = await actAs(dataDirOf(values), typeof values.as === 'string' ? values.as : 'zhonglian');
    const token = await acting.token(node);
    const found = (await callNode(`${node}/v1/desk/subscribers?number=${encodeURIComponent(values.number)}`, {
      token,
    })) as { subscriptionId: string };
    const url = `${node}/v1/desk/lines/${found.subscriptionId}/events`;
    const data = await callNode(url, { method: 'POST', token, body: { type: positionals[0] } });
    return {
      data,
      text: `Recorded: ${positionals[0]}`,
      next: 'verifiers see it at the next refresh of the status list, 30 s at most',
    };
  },
};
