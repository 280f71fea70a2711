import type { Run } from '../command.ts';
import { openDesk } from './desk-api.ts';

export const run: Run = async ({ values, positionals }) => {
  const desk = await openDesk(values);
  const line = (await desk.post('subscribers/search', { phoneNumber: desk.number })) as {
    subscriptionId: string;
  };
  const data = await desk.post(`lines/${line.subscriptionId}/events`, { type: positionals[0] });
  return {
    data,
    text: `Recorded: ${positionals[0]}`,
    next: 'verifiers see it at the next refresh of the status list, 30 s at most',
  };
};
