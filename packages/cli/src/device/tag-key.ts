import { join } from 'node:path';
import { multikeyToText } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { tagKeyRef } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { openKeys } from '../data-folder.ts';
import { requiredText } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export const custodiansKeys = (values: Parameters<Run>[0]['values']): Promise<KeyStore> =>
  openKeys(join(dataDirOf(values), requiredText(values, 'as')));

/** The key of a device's tag, made once: `tagKey` of the device. */
export const run: Run = async ({ values, positionals }) => {
  const [serial = ''] = positionals;
  const keyStore = await custodiansKeys(values);
  const ref = tagKeyRef(serial);
  if (!(await keyStore.find(ref))) await keyStore.generate({ purpose: 'holder', algorithm: 'ES256', ref });
  const tagKey = multikeyToText((await keyStore.signer(ref)).publicKey);
  return { data: { tagKey }, text: tagKey };
};
