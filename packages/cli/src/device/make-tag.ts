import { jwsSigner } from '@attestel/keystore';
import { makeTag, tagKeyRef } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { requiredText } from '../option-values.ts';
import { custodiansKeys } from './tag-key.ts';

/** Text of a device's tag, for a QR code or an NDEF record. */
export const run: Run = async ({ values, positionals }) => {
  const [id = ''] = positionals;
  const keyStore = await custodiansKeys(values);
  const tag = await makeTag(id, await jwsSigner(keyStore, tagKeyRef(requiredText(values, 'serial'))));
  return { data: { tag }, text: tag };
};
