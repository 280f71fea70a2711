import type { Run } from '../command.ts';
import { withWallet } from './with-wallet.ts';

export const run: Run = ({ values }) =>
  withWallet(values, async (wallet) => {
    const cards = await wallet.cards();
    return { data: { cards }, text: cards.length === 0 ? 'No cards yet.' : JSON.stringify(cards, null, 2) };
  });
