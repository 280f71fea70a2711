import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileKeyStore } from '@attestel/keystore';
import { openLmdbStore } from '@attestel/ledger';
import { createHeadlessWallet, type Wallet } from '@attestel/openid/wallet';
import type { Command, CommandInput, CommandResult } from '../command.ts';
import { fromHere } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

const WALLET_OPTION = { ...NODE_OPTION, wallet: { type: 'string' } } as const;
const WALLET_HELP = { ...NODE_HELP, wallet: 'folder of the wallet (default .attestel-wallet)' };

/** Opens the wallet folder for one command. Its passphrase comes from ATTESTEL_WALLET_PASSPHRASE. */
async function withWallet(
  values: CommandInput['values'],
  work: (wallet: Wallet) => Promise<CommandResult>,
): Promise<CommandResult> {
  const folder = fromHere(typeof values.wallet === 'string' ? values.wallet : '.attestel-wallet');
  const passphrase = process.env.ATTESTEL_WALLET_PASSPHRASE;
  if (!passphrase) throw fail('argument_missing', { field: 'ATTESTEL_WALLET_PASSPHRASE in the environment' });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const store = await openLmdbStore({ path: join(folder, 'store') });
  try {
    const keyStore = await openFileKeyStore({ path: join(folder, 'keys.json'), passphrase });
    const wallet = createHeadlessWallet({ store, keyStore, endpoint: nodeOf(values) });
    await wallet.sweep();
    return await work(wallet);
  } finally {
    await store.close();
  }
}

export const walletReceive: Command = {
  name: 'wallet receive',
  summary: 'Accept a credential offer into the headless wallet',
  positionals: ['OFFER'],
  options: { ...WALLET_OPTION, pin: { type: 'string' } },
  help: { ...WALLET_HELP, pin: 'the PIN the operator gave with the offer' },
  run: ({ values, positionals, progress }) =>
    withWallet(values, async (wallet) => {
      const txCode = typeof values.pin === 'string' ? values.pin : undefined;
      const card = await wallet.receive(positionals[0] as string, {
        txCode,
        onStep: (step) => progress(`  … ${step}`),
      });
      return { data: card, text: `Card received: ${card.id}`, next: 'attestel wallet present REQUEST' };
    }),
};

export const walletCards: Command = {
  name: 'wallet cards',
  summary: 'List the cards of the headless wallet',
  options: WALLET_OPTION,
  help: WALLET_HELP,
  run: ({ values }) =>
    withWallet(values, async (wallet) => {
      const cards = await wallet.cards();
      return { data: { cards }, text: cards.length === 0 ? 'No cards yet.' : JSON.stringify(cards, null, 2) };
    }),
};

export const walletPresent: Command = {
  name: 'wallet present',
  summary: 'Show who asks and what would leave, and answer a presentation request',
  positionals: ['REQUEST'],
  options: { ...WALLET_OPTION, approve: { type: 'boolean' }, refuse: { type: 'boolean' } },
  help: { ...WALLET_HELP, approve: 'answer with a card', refuse: 'tell the asker no' },
  run: ({ values, positionals }) =>
    withWallet(values, async (wallet) => {
      const preview = await wallet.previewRequest(positionals[0] as string);
      if (!values.approve && !values.refuse) {
        return {
          data: preview,
          text: JSON.stringify(preview, null, 2),
          next: 'the same command with --approve or --refuse',
        };
      }
      const result = values.approve ? await wallet.approve(preview.id) : await wallet.refuse(preview.id);
      return { data: result, text: values.approve ? 'Approved.' : 'Refused.' };
    }),
};

export const walletHistory: Command = {
  name: 'wallet history',
  summary: 'What left the headless wallet, when, to whom',
  options: WALLET_OPTION,
  help: WALLET_HELP,
  run: ({ values }) =>
    withWallet(values, async (wallet) => {
      const history = await wallet.history();
      return { data: { history }, text: JSON.stringify(history, null, 2) };
    }),
};
