import { mkdir } from 'node:fs/promises';
import { openPartyKeys, witnessText } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { nodePassphrase, readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values }) => {
  const { dataDir, instance } = await readNodeConfig(values);
  const name = textOr(values, 'name', undefined);
  if (name === undefined) throw fail('argument_missing', { field: '--name' });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keyStore = await openPartyKeys({ dataDir, passphrase: nodePassphrase() });
  const witness = await witnessText(keyStore, name).catch((cause: unknown) => {
    throw cause instanceof TypeError ? fail('option_invalid', { field: '--name', cause }) : cause;
  });
  return { data: { witness }, text: `witness ${instance} ${witness}` };
};
