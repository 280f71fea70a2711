import { type KeyStore, openFileKeyStore } from '@attestel/keystore';
import type { CommandInput } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';

/** Who holds control keys: a key store, and what the names of the keys begin with. */
export interface KeyHolder {
  readonly keyStore: KeyStore;
  readonly prefix: string;
}

/** A party of the data folder (`--as`), or a key file and a name in it. @throws argument_missing, data_missing */
export async function keyHolderOf(values: CommandInput['values'], did?: string): Promise<KeyHolder> {
  const as = textOr(values, 'as', undefined);
  if (as === undefined) return keyFileOf(values);
  const { keyStore, identity } = await actAs(dataDirOf(values), as);
  if (did !== undefined && identity.did !== did) throw fail('option_invalid', { field: '--as: another DID' });
  // An organisation's keys stand beside each other under one name.
  return { keyStore, prefix: identity.ledgerKey.slice(0, identity.ledgerKey.lastIndexOf('/')) };
}

/** The key file of `--keys`, made where it is missing. Its passphrase has no default and is no argument. */
export async function keyFileOf(values: CommandInput['values']): Promise<KeyHolder> {
  const path = fromHere(requiredText(values, 'keys'));
  const prefix = requiredText(values, 'name');
  const passphrase = process.env.ATTESTEL_PASSPHRASE;
  if (!passphrase) throw fail('argument_missing', { field: 'ATTESTEL_PASSPHRASE in the environment' });
  return { keyStore: await openFileKeyStore({ path, passphrase }), prefix };
}
