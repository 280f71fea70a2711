import { fromHex } from '@attestel/core';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { batchesAt, found } from './listed.ts';
import { hashOf } from './read-argument.ts';
import { reasonOf } from './reason.ts';
import { type PkiChange, type Signing, sendChange, signingOf } from './send-change.ts';

export const suspend: Run = ({ values, positionals }) => {
  const body = { reason: reasonOf(values) };
  return change({ values, positionals }, 'batch.suspend', () => body);
};

export const resume: Run = (input) => change(input, 'batch.resume', ({ voters }) => ({ voters }));

async function change(
  { values, positionals }: Pick<CommandInput, 'values' | 'positionals'>,
  kind: PkiChange['kind'],
  bodyOf: (signing: Signing) => PkiChange['body'],
): Promise<CommandResult> {
  const [id] = positionals as [string];
  const batch = hashOf(id, 'BATCH');
  const signing = await signingOf(values);
  const { operation } = found(await batchesAt(nodeOf(values)), id, 'BATCH');
  return sendChange(values, signing, {
    kind,
    body: { ...bodyOf(signing), batch },
    previous: fromHex(operation),
  });
}
