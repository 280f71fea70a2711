import { join } from 'node:path';
import { readIdentity } from '@attestel/server/data-folder';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { dataDirOf } from '../paths.ts';

/** DID of a party of the data folder. @throws AppError data_missing */
export async function didOfParty(values: Parameters<Run>[0]['values'], name: string): Promise<string> {
  const identity = await readIdentity(join(dataDirOf(values), name));
  if (!identity) throw fail('data_missing', { field: `${name} in the data folder` });
  return identity.did;
}

export const run: Run = async ({ values, positionals }) => {
  const did = await didOfParty(values, positionals[0] ?? '');
  return { data: { did }, text: did };
};
