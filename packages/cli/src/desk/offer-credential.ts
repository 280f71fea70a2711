import type { Run } from '../command.ts';
import { openDesk } from './desk-api.ts';

export const run: Run = async ({ values, progress }) => {
  const desk = await openDesk(values);
  progress('asking the operator’s desk …');
  const data = (await desk.post('offers', { phoneNumber: desk.number })) as Record<string, string>;
  const text = `Offer  ${data.offer_uri}\nWallet ${data.wallet_link ?? ''}\nPIN    ${data.tx_code}\nEnds   ${data.expires_at}`;
  return { data, text, next: 'open the wallet link, or `attestel wallet receive OFFER --pin PIN`' };
};
