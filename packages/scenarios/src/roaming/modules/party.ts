import { document } from '../../kinds/document.ts';
import type { JsonObject } from '../../module/module.ts';
import { list, oneOf, shape, text } from '../../module/shapes.ts';
import { isOperator, OPERATOR, ownsCodes } from '../credentials.ts';
import { isIban } from '../payment/iban.ts';
import { TADIG_CODE } from '../tadig.ts';
import { refuse } from '../xml/element.ts';

const CONTACT = shape(
  {
    purpose: oneOf('commercial', 'clearing', 'service', 'security', 'testing'),
    name: text(128),
    email: { type: 'string', format: 'email', maxLength: 254 },
    phone: { type: 'string', pattern: '^\\+[1-9][0-9]{4,14}$' },
    hours: text(128),
  },
  ['phone', 'hours'],
);

export type PartySheet = JsonObject & { readonly tadig: readonly string[] };

/** OPDATA: who an operator is and whom to ask. Each code is in one sheet for ever. */
export const roamingParty = document<PartySheet>({
  name: 'roaming.party',
  version: '1.0.0',
  summary: { 'zh-CN': '运营商资料（OPDATA）', en: 'Sheet of an operator (OPDATA)' },
  body: shape({
    name: text(256),
    country: { type: 'string', pattern: '^[A-Z]{3}$' },
    tadig: { ...list(TADIG_CODE, 200, 1), uniqueItems: true },
    contacts: list(CONTACT, 32),
  }),
  credentials: OPERATOR,
  may: {
    publish: ({ data, context }) => ownsCodes(context, (data as { body: PartySheet }).body.tadig),
    supersede: ({ data, context }) => ownsCodes(context, (data as { body: PartySheet }).body.tadig),
  },
  unique: ({ tadig }) => tadig.map((code) => `party|${code}`),
});

export type BankSheet = JsonObject & { readonly iban: string };

/**
 * Where an operator is paid: a document of its own, since only the partners that it names may have it in their stores.
 */
export const roamingBank = document<BankSheet>({
  name: 'roaming.bank',
  version: '1.0.0',
  summary: { 'zh-CN': '运营商收款账户', en: 'Bank account of an operator' },
  body: shape({
    holder: text(140),
    iban: { type: 'string', maxLength: 34, minLength: 15 },
    bic: { type: 'string', pattern: '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$' },
  }),
  audience: 'listed',
  credentials: OPERATOR,
  may: { publish: ({ context }) => isOperator(context) },
  check: ({ body }) => {
    if (!isIban(body.iban)) throw refuse('/body/iban', 'iban');
  },
});
