import type { Context, JsonSchema, Module } from '../module/module.ts';
import { DID, list, shape } from '../module/shapes.ts';
import { TADIG_CODE } from './tadig.ts';

type Declared = Module['credentials'];

/** An operator, with the codes of its networks; the channel's governors give it. */
export const OPERATOR: Declared = {
  Operator: { schema: shape({ tadig: list(TADIG_CODE, 200, 1) }), trust: { by: 'governor' } },
};

const PARTNER: JsonSchema = shape({ partner: DID });

/** Two operators with a tariff between them: each gets it about the other. */
export const ROAMING_PARTNER: Declared = {
  RoamingPartner: { schema: PARTNER, trust: { by: 'module', module: 'roaming.iot' } },
};

/** Whether the party is an operator and all the codes are its own. */
export function ownsCodes(context: Pick<Context, 'holds'>, codes: readonly string[]): boolean {
  const held = context.holds('Operator')?.tadig;
  return Array.isArray(held) && codes.every((code) => held.includes(code));
}

export const isOperator = (context: Pick<Context, 'holds'>): boolean => ownsCodes(context, []);
