import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { withWallet } from './with-wallet.ts';

export const run: Run = async ({ values, positionals }) => {
  if (values.approve && values.refuse) throw fail('option_invalid', { field: '--approve with --refuse' });
  return withWallet(values, async (wallet) => {
    const preview = await wallet.previewRequest(positionals[0] as string);
    if (!values.approve && !values.refuse) {
      return {
        data: preview,
        text: JSON.stringify(preview, null, 2),
        next: 'the same command with --approve or --refuse',
      };
    }
    const data = values.approve ? await wallet.approve(preview.id) : await wallet.refuse(preview.id);
    return { data, text: values.approve ? 'Approved.' : 'Refused.' };
  });
};
