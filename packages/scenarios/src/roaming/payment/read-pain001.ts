import { type Cursor, cursorOf, refuse } from '../xml/element.ts';
import { readXml } from '../xml/read-xml.ts';
import { type CreditTransfer, checkTransfer, type PaymentParty } from './credit-transfer.ts';
import { PAIN_001 } from './write-pain001.ts';

/**
 * Reads a pain.001.001.09 with one credit transfer, as `writePain001` writes it. An element it does not know refuses the
 * message: whatever it says would be lost.
 * @throws AppError invalid_argument with the path of the element
 */
export function readPain001(xml: string): CreditTransfer {
  const root = cursorOf(readXml(xml, { root: 'Document', namespace: PAIN_001, unqualified: false }));
  const message = root.one('CstmrCdtTrfInitn');
  const header = message.one('GrpHdr');
  const payment = message.one('PmtInf');
  const paid = payment.one('CdtTrfTxInf');
  const amount = paid.one('Amt').one('InstdAmt');
  const transfer: CreditTransfer = {
    messageId: header.text('MsgId'),
    created: header.text('CreDtTm'),
    executionDay: payment.one('ReqdExctnDt').text('Dt'),
    endToEndId: paid.one('PmtId').text('EndToEndId'),
    debtor: partyOf(payment, 'Dbtr'),
    creditor: partyOf(paid, 'Cdtr'),
    amount: amount.element.text,
    currency: amount.element.attributes.get('Ccy') ?? '',
    remittance: paid.one('RmtInf').text('Ustrd'),
  };
  assertText(header.one('InitgPty'), 'Nm', transfer.debtor.name);
  assertText(payment, 'PmtInfId', transfer.messageId);
  assertText(payment, 'PmtMtd', 'TRF');
  for (const place of [header, payment]) {
    assertText(place, 'NbOfTxs', '1');
    assertText(place, 'CtrlSum', transfer.amount);
  }
  root.done();
  checkTransfer(transfer);
  return transfer;
}

const partyOf = (at: Cursor, name: string): PaymentParty => ({
  name: at.one(name).text('Nm'),
  iban: at.one(`${name}Acct`).one('Id').text('IBAN'),
  bic: at.one(`${name}Agt`).one('FinInstnId').text('BICFI'),
});

function assertText(at: Cursor, name: string, expected: string): void {
  if (at.text(name) !== expected) throw refuse(`${at.path}/${name}`, 'contradicts the transfer');
}
