import type { Run } from '../command.ts';
import { textOr } from '../option-values.ts';
import { withWallet } from './with-wallet.ts';

export const run: Run = ({ values, positionals, progress }) =>
  withWallet(values, async (wallet) => {
    const card = await wallet.receive(positionals[0] as string, {
      txCode: textOr(values, 'pin', undefined),
      onStep: (step) => progress(`  … ${step}`),
    });
    return { data: card, text: `Card received: ${card.id}`, next: 'attestel wallet present REQUEST' };
  });
