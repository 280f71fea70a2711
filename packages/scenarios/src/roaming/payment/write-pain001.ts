import { type CreditTransfer, checkTransfer, type PaymentParty } from './credit-transfer.ts';

export const PAIN_001 = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

/**
 * CustomerCreditTransferInitiation (ISO 20022 pain.001.001.09) with one transfer. The same transfer gives the same bytes.
 * @throws AppError invalid_argument
 */
export function writePain001(transfer: CreditTransfer): string {
  checkTransfer(transfer);
  const { messageId, created, executionDay, endToEndId, debtor, creditor, amount, currency } = transfer;
  const sums = tag('NbOfTxs', '1') + tag('CtrlSum', amount);
  const header = node(
    'GrpHdr',
    tag('MsgId', messageId) + tag('CreDtTm', created) + sums + node('InitgPty', tag('Nm', debtor.name)),
  );
  const paid = node(
    'CdtTrfTxInf',
    node('PmtId', tag('EndToEndId', endToEndId)) +
      node('Amt', `<InstdAmt Ccy="${currency}">${amount}</InstdAmt>`) +
      agent('CdtrAgt', creditor) +
      party('Cdtr', creditor) +
      node('RmtInf', tag('Ustrd', transfer.remittance)),
  );
  const payment = node(
    'PmtInf',
    tag('PmtInfId', messageId) +
      tag('PmtMtd', 'TRF') +
      sums +
      node('ReqdExctnDt', tag('Dt', executionDay)) +
      party('Dbtr', debtor) +
      agent('DbtrAgt', debtor) +
      paid,
  );
  const body = node('CstmrCdtTrfInitn', header + payment);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${PAIN_001}">${body}</Document>\n`;
}

const party = (name: string, { name: called, iban }: PaymentParty): string =>
  node(name, tag('Nm', called)) + node(`${name}Acct`, node('Id', tag('IBAN', iban)));

const agent = (name: string, { bic }: PaymentParty): string =>
  node(name, node('FinInstnId', tag('BICFI', bic)));

const node = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const tag = (name: string, text: string): string => node(name, escaped(text));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
