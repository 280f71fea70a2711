import type { Body } from '../../kinds/agreement.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import type { DealState, DealTerms } from '../modules/data-deal.ts';
import type { Constraint } from './policy.ts';

const CONTEXT = 'http://www.w3.org/ns/odrl.jsonld';

/**
 * The policy of a deal as ODRL 2.2 in JSON-LD: an Offer while it is proposed, an Agreement once it is signed, each permission with
 * its target, parties and constraints. Null where nothing stands any more, or nobody knows what stood.
 */
export function odrlPolicyOf(id: string, state: DealState): JsonObject | null {
  const { status, agreed, pending, parties } = state;
  const body = status === 'agreed' ? agreed.at(-1) : status === 'proposed' ? pending : undefined;
  if (!body) return null;
  const { terms, version } = body;
  const consumer = parties.find((did) => did !== terms.provider) ?? '';
  const roles = { assigner: terms.provider, assignee: consumer };
  return {
    '@context': CONTEXT,
    '@type': status === 'agreed' ? 'Agreement' : 'Offer',
    uid: `urn:attestel:data.deal:${id}:${version}`,
    permission: terms.policy.permission.map(({ action, constraint }) => ({
      target: `urn:attestel:data.set:${terms.set}`,
      ...roles,
      action,
      constraint: [...constraint.map(constraintOf), ...termOf(body)],
    })),
  };
}

/** The deal counts from its effect on, and until its end. */
const termOf = ({ from, until }: Body<DealTerms>): readonly JsonObject[] => [
  constraintOf({ leftOperand: 'dateTime', operator: 'gteq', rightOperand: instantText(from) }),
  ...(until === null
    ? []
    : [constraintOf({ leftOperand: 'dateTime', operator: 'lt', rightOperand: instantText(until) })]),
];

const constraintOf = ({ leftOperand, operator, rightOperand }: Constraint): JsonObject => ({
  ...{ leftOperand, operator },
  rightOperand:
    typeof rightOperand === 'string'
      ? operandOf(leftOperand, rightOperand)
      : rightOperand.map((value) => operandOf(leftOperand, value)),
});

/** Times and counts are typed, organisations are IRIs, all else is text. */
function operandOf(operand: Constraint['leftOperand'], value: string): JsonObject | string {
  if (operand === 'dateTime') return { '@type': 'xsd:dateTime', '@value': value };
  if (operand === 'count') return { '@type': 'xsd:decimal', '@value': value };
  return operand === 'recipient' && value.startsWith('did:') ? { '@id': value } : value;
}
