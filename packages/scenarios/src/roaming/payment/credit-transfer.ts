import { CURRENCIES } from '../../decimal/currencies.ts';
import { compare, placesOf } from '../../decimal/decimal.ts';
import { instantOf } from '../../module/instant.ts';
import { refuse } from '../xml/element.ts';
import { isIban } from './iban.ts';

export interface PaymentParty {
  readonly name: string;
  readonly iban: string;
  readonly bic: string;
}

/** One credit transfer: the net position of two operators. */
export interface CreditTransfer {
  readonly messageId: string;
  /** RFC 3339 in whole seconds. */
  readonly created: string;
  /** Day on which the bank is to pay, `yyyy-mm-dd`. */
  readonly executionDay: string;
  readonly endToEndId: string;
  readonly debtor: PaymentParty;
  readonly creditor: PaymentParty;
  readonly amount: string;
  readonly currency: string;
  /** What is paid: ids of statements. */
  readonly remittance: string;
}

/** Of the 18 digits of an ISO 20022 amount, 15 before the point. */
const AMOUNT = /^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,3})?$/;
const IDENTIFIER = /^[A-Za-z0-9+?/:().,' -]{1,35}$/;
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;

/**
 * Rules of a credit transfer that no XML schema says.
 * @throws AppError invalid_argument: an amount that is not positive, XDR (no bank pays it: convert first), a wrong IBAN or BIC
 */
export function checkTransfer(transfer: CreditTransfer): void {
  const { messageId, endToEndId, created, executionDay, amount, currency, remittance } = transfer;
  if (!IDENTIFIER.test(messageId)) throw refuse('/messageId', 'Max35Text');
  if (!IDENTIFIER.test(endToEndId)) throw refuse('/endToEndId', 'Max35Text');
  instantOf(created, '/created');
  instantOf(`${executionDay}T00:00:00Z`, '/executionDay');
  if (!AMOUNT.test(amount) || compare(amount, '0') <= 0) throw refuse('/amount', 'positive amount');
  const places = CURRENCIES.get(currency);
  if (places === undefined || currency === 'XDR') throw refuse('/currency', 'payable currency');
  if (placesOf(amount) > places) throw refuse('/amount', 'digits of the currency');
  if (!isText(remittance)) throw refuse('/remittance', 'Max140Text');
  for (const [side, party] of Object.entries({ debtor: transfer.debtor, creditor: transfer.creditor })) {
    if (!isText(party.name)) throw refuse(`/${side}/name`, 'Max140Text');
    if (!isIban(party.iban)) throw refuse(`/${side}/iban`, 'iban');
    if (!BIC.test(party.bic)) throw refuse(`/${side}/bic`, 'bic');
  }
}

// No control characters: XML has no way to write most of them.
const isText = (text: string): boolean =>
  text.length >= 1 && text.length <= 140 && text === text.trim() && /^\P{C}+$/u.test(text);
