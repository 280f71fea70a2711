import type { Bytes } from '@attestel/core';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { certificateHashOf } from './read-argument.ts';
import { reasonOf } from './reason.ts';
import { type PkiChange, type Signing, sendChange, signingOf } from './send-change.ts';

/** By the owner of the anchor alone; where more sign, by their votes. */
export const revoke: Run = (input) => {
  const reason = reasonOf(input.values);
  return change(input, 'status.revoke', ({ voters }) => ({
    reason,
    voters: voters.length > 1 ? voters : null,
  }));
};

export const suspend: Run = async (input) => {
  const reason = reasonOf(input.values);
  const sent = await change(input, 'status.suspend', () => ({ reason }));
  const next =
    'it ends by itself after 72 hours; attestel pki revoke is for good, attestel pki resume ends it';
  return { next, ...sent };
};

export const resume: Run = (input) => change(input, 'status.resume', ({ voters }) => ({ voters }));

/** All certificates or none: what is not readable stops it before anybody signs. */
async function change(
  { values, positionals }: CommandInput,
  kind: PkiChange['kind'],
  bodyOf: (signing: Signing) => PkiChange['body'],
): Promise<CommandResult> {
  const certificates: Bytes[] = [];
  for (const one of positionals) certificates.push(await certificateHashOf(one));
  const signing = await signingOf(values);
  return sendChange(values, signing, { kind, body: { ...bodyOf(signing), certificates } });
}
