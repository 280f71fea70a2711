import { fromHex } from '@attestel/core';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { instant } from '../option-values.ts';
import { anchorsAt, found } from './listed.ts';
import { hashOf } from './read-argument.ts';
import { reasonOf } from './reason.ts';
import { type PkiChange, sendChange, signingOf } from './send-change.ts';

export const retire: Run = (input) => {
  const until = instant(input.values, 'until', undefined);
  if (until === undefined) throw fail('argument_missing', { field: '--until' });
  return change(input, { kind: 'anchor.retire', body: { until } });
};

export const suspend: Run = (input) =>
  change(input, { kind: 'anchor.suspend', body: { reason: reasonOf(input.values) } });

export const resume: Run = (input) => change(input, { kind: 'anchor.resume', body: {} });

/** Names the last operation on the anchor: whoever signs has seen how it stands. */
async function change(
  { values, positionals }: CommandInput,
  { kind, body }: Pick<PkiChange, 'kind' | 'body'>,
): Promise<CommandResult> {
  const [id] = positionals as [string];
  const anchor = hashOf(id, 'ANCHOR');
  const signing = await signingOf(values);
  const { operation } = found(await anchorsAt(nodeOf(values)), id, 'ANCHOR');
  return sendChange(values, signing, {
    kind,
    body: { ...body, anchor, voters: signing.voters },
    previous: fromHex(operation),
  });
}
