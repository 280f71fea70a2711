import type { Run } from '../command.ts';
import { withWallet } from './with-wallet.ts';

export const run: Run = ({ values }) =>
  withWallet(values, async (wallet) => {
    const history = await wallet.history();
    return { data: { history }, text: JSON.stringify(history, null, 2) };
  });
