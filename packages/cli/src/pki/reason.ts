import type { StatusReason } from '@attestel/pki';
import type { CommandInput } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';

/** Reasons of RFC 5280 §5.3.1, and two that it has no word for. */
const REASONS: Readonly<Record<StatusReason, true>> = {
  unspecified: true,
  'key-compromise': true,
  'ca-compromise': true,
  'affiliation-changed': true,
  'cessation-of-operation': true,
  'privilege-withdrawn': true,
  'clone-detected': true,
  'lost-or-stolen': true,
};

/** @throws option_invalid, naming the reasons */
export function reasonOf(values: CommandInput['values']): StatusReason {
  const reason = textOr(values, 'reason', 'unspecified');
  if (!Object.hasOwn(REASONS, reason))
    throw fail('option_invalid', { field: `--reason (one of ${Object.keys(REASONS).join(', ')})` });
  return reason as StatusReason;
}
