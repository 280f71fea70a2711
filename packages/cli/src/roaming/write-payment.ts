import type { JsonObject, PaymentParty, StatementTerms } from '@attestel/scenarios';
import { type AgreementState, readPain001, writePain001 } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { type ContractCaller, contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { instantText, requiredText, textOr } from '../option-values.ts';

const BANK = 'roaming.bank@1.0.0';

/** The net of a statement as a payment order for a bank: ISO 20022 pain.001, read back before it is given. */
export const run: Run = async ({ values, positionals }) => {
  const [id = ''] = positionals;
  const caller = await contractCaller(values);
  const { state } = (await caller.call('roaming.statement@1.0.0', [id])) as { readonly state: unknown };
  const net = (state as AgreementState<JsonObject & StatementTerms>).agreed.at(-1)?.terms.result.net;
  if (!net) throw fail('nothing_to_pay', { field: id });
  const created = textOr(values, 'created', instantText(Math.floor(Date.now() / 1000)));
  const order = {
    ...{ messageId: id, created, endToEndId: id, remittance: `statement ${id}` },
    executionDay: requiredText(values, 'day'),
    ...{ debtor: await accountOf(caller, net.payer), creditor: await accountOf(caller, net.payee) },
    ...{ amount: net.amount, currency: net.currency },
  };
  const xml = writePain001(order);
  readPain001(xml);
  return { data: { ...order, xml }, text: xml };
};

/** @throws AppError bank_unknown where this party was not told where that one is paid */
async function accountOf({ call }: ContractCaller, publisher: string): Promise<PaymentParty> {
  const query = new URLSearchParams({ at: instantText(Math.floor(Date.now() / 1000)) });
  const { result } = (await call(BANK, ['queries', 'inForce'], { query })) as {
    readonly result: readonly {
      readonly publisher: string;
      readonly body: { holder: string; iban: string; bic: string };
    }[];
  };
  const found = result.find((one) => one.publisher === publisher)?.body;
  if (!found) throw fail('bank_unknown', { field: publisher });
  return { name: found.holder, iban: found.iban, bic: found.bic };
}
