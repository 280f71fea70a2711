import type { Command } from '../command.ts';
import { actAs, DATA_HELP, DATA_OPTION, dataDirOf } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

export const credentialOffer: Command = {
  name: 'credential offer',
  summary: 'Operator’s desk: offer a phone card to a subscriber whose line was proved',
  options: { ...DATA_OPTION, ...NODE_OPTION, as: { type: 'string' }, number: { type: 'string' } },
  help: {
    ...DATA_HELP,
    ...NODE_HELP,
    as: 'operator that offers (folder name, such as zhonglian)',
    number: 'E.164 number of the line, such as +8610…',
  },
  run: async ({ values, progress }) => {
    if (typeof values.number !== 'string') throw fail('argument_missing', { field: '--number' });
    const node = nodeOf(values);
    const acting = await actAs(dataDirOf(values), typeof values.as === 'string' ? values.as : 'zhonglian');
    progress('asking the operator’s desk …');
    const token = await acting.token(node);
    const body = { phoneNumber: values.number };
    const data = (await callNode(`${node}/v1/desk/offers`, { method: 'POST', token, body })) as Record<
      string,
      string
    >;
    const text = `Offer  ${data.offer_uri}\nWallet ${data.wallet_link ?? ''}\nPIN    ${data.tx_code}\nEnds   ${data.expires_at}`;
    return { data, text, next: 'open the wallet link, or `attestel wallet receive OFFER --pin PIN`' };
  },
};
