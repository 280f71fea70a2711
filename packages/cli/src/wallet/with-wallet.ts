import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileKeyStore } from '@attestel/keystore';
import { openLmdbStore } from '@attestel/ledger';
import { createHeadlessWallet, type Wallet } from '@attestel/openid/wallet';
import type { CommandInput, CommandResult } from '../command.ts';

import { fail } from '../errors.ts';
import { walletNodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';

/** Opens the wallet folder for one command. Its passphrase comes from ATTESTEL_WALLET_PASSPHRASE. */
export async function withWallet(
  values: CommandInput['values'],
  work: (wallet: Wallet) => Promise<CommandResult>,
): Promise<CommandResult> {
  const folder = fromHere(textOr(values, 'wallet', '.attestel-wallet'));
  const passphrase = process.env.ATTESTEL_WALLET_PASSPHRASE;
  if (!passphrase) throw fail('argument_missing', { field: 'ATTESTEL_WALLET_PASSPHRASE in the environment' });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const store = await openLmdbStore({ path: join(folder, 'store') });
  try {
    const keyStore = await openFileKeyStore({ path: join(folder, 'keys.json'), passphrase });
    const policy = await policyOf(values);
    const wallet = createHeadlessWallet({ store, keyStore, endpoint: walletNodeOf(values), policy });
    await wallet.sweep();
    return await work(wallet);
  } finally {
    await store.close();
  }
}

/** @throws option_invalid */
async function policyOf(values: CommandInput['values']): Promise<string | undefined> {
  if (typeof values.policy !== 'string') return undefined;
  return readFile(fromHere(values.policy), 'utf8').catch((cause: unknown) => {
    throw fail('option_invalid', { field: '--policy (a file that can be read)', cause });
  });
}
