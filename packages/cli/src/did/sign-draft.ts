import { equalBytes, type Signer } from '@attestel/core';
import { cosign, missingSigners } from '@attestel/did';
import type { Operation } from '@attestel/ledger';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { describeDraft, draftText, passOn, readDraft } from './draft.ts';
import { type KeyHolder, keyHolderOf } from './key-holder.ts';

export const run: Run = async ({ values, positionals }) => {
  const draft = await readDraft(positionals[0] as string);
  const said = describeDraft(draft);
  if (!values.approve) {
    return { data: said, text: draftText(said), next: 'sign it with --approve, if this is what you want' };
  }
  if (said.missing.length === 0) return passOn(draft, values);
  const own = await ownSigners(await keyHolderOf(values, said.did), draft);
  if (own.length === 0) throw fail('control_key_missing');
  let signed = draft;
  for (const signer of own) signed = await cosign(signed, signer);
  return passOn(signed, values);
};

/** This holder's control keys that the draft waits for. */
async function ownSigners({ keyStore, prefix }: KeyHolder, draft: Operation): Promise<readonly Signer[]> {
  const missing = missingSigners(draft);
  const refs = (await keyStore.list())
    .filter(({ ref, purpose }) => purpose === 'did-control' && ref.startsWith(`${prefix}/`))
    .map(({ ref }) => ref);
  const signers = await Promise.all(refs.map((ref) => keyStore.signer(ref)));
  return signers.filter(({ publicKey }) => missing.some((key) => equalBytes(key, publicKey)));
}
