import { toBase64 } from '@attestel/core';
import { createLedgerClient } from '@attestel/ledger';
import type { CommandInput, Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { checkNote, readNote, trustOf } from './checked-note.ts';
import { storedNote } from './stored-note.ts';

export const run: Run = async ({ values }) => {
  const trust = await trustOf(values);
  const checkpoint = await noteOf(values);
  if (!trust)
    return {
      data: { checkpoint, ...fieldsOf(readNote(checkpoint, 'checkpoint')) },
      text: checkpoint.trimEnd(),
    };
  const checked = checkNote(checkpoint, trust, 'checkpoint');
  const { time } = checked;
  const word =
    time === undefined
      ? 'Signed with the key of the log.'
      : `A quorum of the policy stood by it at ${new Date(time * 1000).toISOString()} or later.`;
  return {
    data: { checkpoint, verified: true, ...fieldsOf(checked) },
    text: `${checkpoint.trimEnd()}\n\n${word}`,
  };
};

const noteOf = (values: CommandInput['values']): Promise<string> =>
  values.store === undefined && values.data === undefined
    ? createLedgerClient({ url: nodeOf(values), fetch }).checkpoint()
    : storedNote(values);

const fieldsOf = ({ origin, size, root, state, time }: ReturnType<typeof checkNote>) => ({
  origin,
  size,
  root: toBase64(root),
  state: toBase64(state),
  ...(time === undefined ? {} : { time }),
});
