import type { HostVerification } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { contractCaller } from './contract-call.ts';

/** What is kept at the party's node, compared with the ledger. @throws AppError kept_differs, naming the first line */
export const run: Run = async ({ values }) => {
  const { verify } = await contractCaller(values);
  const found = (await verify()) as HostVerification;
  const [first] = found.faults;
  if (first)
    throw fail('kept_differs', {
      field: `entry ${first.index}`,
      extra: { entry: first.index, what: first.what, line: first.line, faults: found.faults.length },
    });
  return {
    data: found,
    text: [
      `payloads  ${found.payloads}, ${found.erased} of them erased`,
      `objects   ${found.objects}`,
      'Everything is as the ledger says.',
    ].join('\n'),
  };
};
