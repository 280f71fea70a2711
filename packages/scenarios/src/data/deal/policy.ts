import { compare, parseDecimal } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import { instantOf } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import { list, oneOf, said, shape, text } from '../../module/shapes.ts';

/** ODRL 2.2 §2.5: the operands that deals here use. */
const OPERANDS = ['purpose', 'dateTime', 'count', 'recipient', 'spatial'] as const;
const OPERATORS = ['eq', 'isAnyOf', 'lt', 'lteq', 'gt', 'gteq'] as const;

export interface Constraint extends JsonObject {
  readonly leftOperand: (typeof OPERANDS)[number];
  readonly operator: (typeof OPERATORS)[number];
  readonly rightOperand: string | readonly string[];
}

export interface Permission extends JsonObject {
  readonly action: string;
  readonly constraint: readonly Constraint[];
}

export interface Policy extends JsonObject {
  readonly permission: readonly Permission[];
}

export const POLICY = said(
  shape({
    permission: list(
      shape({
        action: oneOf('use', 'read', 'distribute', 'derive'),
        constraint: list(
          shape({
            leftOperand: oneOf(...OPERANDS),
            operator: oneOf(...OPERATORS),
            rightOperand: { anyOf: [text(256), list(text(256), 50, 1)] },
          }),
          16,
        ),
      }),
      16,
      1,
    ),
  }),
  { 'zh-CN': '使用策略（ODRL 2.2）', en: 'What may be done (ODRL 2.2)' },
);

/**
 * Refuses a policy that nothing could ever satisfy because it cannot be judged: a time or count that is none, or an
 * operator that its operand has no order for.
 * @param field JSON pointer of the policy
 * @throws AppError invalid_argument, out_of_range, with a JSON pointer
 */
export function assertJudgeable({ permission }: Policy, field: string): void {
  permission.forEach(({ constraint }, i) => {
    constraint.forEach((one, j) => {
      assertConstraint(one, `${field}/permission/${i}/constraint/${j}`);
    });
  });
}

function assertConstraint({ leftOperand, operator, rightOperand }: Constraint, field: string): void {
  const isOrdered = leftOperand === 'dateTime' || leftOperand === 'count';
  const isFit = isOrdered ? operator !== 'isAnyOf' : operator === 'eq' || operator === 'isAnyOf';
  if (!isFit) throw fail('invalid_argument', { field: `${field}/operator` });
  if (operator !== 'isAnyOf' && typeof rightOperand !== 'string')
    throw fail('invalid_argument', { field: `${field}/rightOperand` });
  if (leftOperand === 'dateTime') instantOf(String(rightOperand), `${field}/rightOperand`);
  if (leftOperand === 'count') parseDecimal(String(rightOperand), `${field}/rightOperand`);
}

/** What somebody is about to do with the data. */
export interface Doing {
  readonly action: string;
  readonly purpose: string;
  readonly recipient: string;
  readonly spatial: string;
  /** Unix seconds. */
  readonly time: number;
  /** Which time it is, from 1. */
  readonly count: number;
}

/** Whether a permission of the policy covers it, with all its constraints; what no permission names is not allowed. */
export const permits = ({ permission }: Policy, doing: Doing): boolean =>
  permission.some(
    ({ action, constraint }) => action === doing.action && constraint.every((one) => holdsFor(one, doing)),
  );

function holdsFor({ leftOperand, operator, rightOperand }: Constraint, doing: Doing): boolean {
  const right = typeof rightOperand === 'string' ? [rightOperand] : rightOperand;
  if (leftOperand === 'dateTime' || leftOperand === 'count') {
    const [only] = right;
    return right.length === 1 && only !== undefined && isOrdered(operator, orderOf(leftOperand, doing, only));
  }
  const left = doing[leftOperand];
  if (operator === 'isAnyOf') return right.includes(left);
  return operator === 'eq' && right.length === 1 && right[0] === left;
}

/** Sign of what is done, less what is allowed. */
function orderOf(operand: 'dateTime' | 'count', doing: Doing, right: string): number {
  if (operand === 'dateTime') return Math.sign(doing.time - instantOf(right, '/policy'));
  return compare(String(doing.count), parseDecimal(right, '/policy'));
}

function isOrdered(operator: Constraint['operator'], order: number): boolean {
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'lteq':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gteq':
      return order >= 0;
    default:
      return false;
  }
}
