import type { JsonValue } from '@attestel/core';
import { type AgreementState, resultOf, type StatementInputs } from '@attestel/scenarios';
import type { CommandInput, Run } from '../command.ts';
import { type ContractCaller, contractCaller } from '../contract/contract-call.ts';
import { requiredText, textList } from '../option-values.ts';

const IOT = 'roaming.iot';

/** What a party has to propose: the terms of a statement, with the result that follows from what they name. */
export const run: Run = async ({ values }) => {
  const caller = await contractCaller(values);
  const tariff = requiredText(values, 'tariff');
  const state = (await stateOf(caller, IOT, tariff)) as unknown as AgreementState;
  const inputs = inputsOf(values, { id: tariff, version: state.agreed.at(-1)?.version ?? 0 });
  const states = new Map([[`${IOT} ${tariff}`, state as unknown as JsonValue]]);
  for (const id of inputs.usage)
    states.set(`roaming.usage ${id}`, await stateOf(caller, 'roaming.usage', id));
  for (const id of inputs.credits)
    states.set(`roaming.credit ${id}`, await stateOf(caller, 'roaming.credit', id));
  const { parties } = state;
  const result = resultOf(inputs, { parties, read: (module, id) => states.get(`${module} ${id}`) });
  const others = parties.filter((party) => party !== caller.identity.did);
  const data = { parties: others, terms: { ...inputs, result } };
  return { data, text: JSON.stringify(data, null, 2) };
};

function inputsOf(values: CommandInput['values'], tariff: StatementInputs['tariff']): StatementInputs {
  return {
    tariff,
    usage: textList(values, 'usage'),
    periods: { from: requiredText(values, 'from'), to: requiredText(values, 'to') },
    closing: values.closing === true,
    credits: textList(values, 'credit'),
  };
}

async function stateOf({ call }: ContractCaller, module: string, id: string): Promise<JsonValue> {
  const { state } = (await call(`${module}@1.0.0`, [id])) as { readonly state: JsonValue };
  return state;
}
