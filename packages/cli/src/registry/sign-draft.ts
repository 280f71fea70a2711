import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { requiredText } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { addSignature, describe, draftText, passOn, readDraft } from './draft.ts';

export const run: Run = async ({ values, positionals }) => {
  const draft = await readDraft(positionals[0] as string);
  if (!values.approve) {
    const next = 'sign it with --approve, if this is what you want';
    return { data: describe(draft), text: draftText(draft), next };
  }
  const { keyStore, identity } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  return passOn(await addSignature(draft, await keyStore.signer(identity.ledgerKey)), values);
};
