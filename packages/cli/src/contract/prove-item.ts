import { fromBase64url } from '@attestel/core';
import { type ItemProof, verifyItem } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { contractCaller } from './contract-call.ts';
import { fetchLine } from './fetch-line.ts';

/** One item of a batch with its path, checked against the root that the ledger has of the line. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', line = '', number = ''] = positionals;
  const caller = await contractCaller(values);
  const proof = (await caller.call(module, ['lines', line, 'items', number])) as ItemProof;
  const channel = textOr(values, 'channel', 'main');
  const { batch } = await fetchLine({ node: nodeOf(values), channel, line, values });
  verifyItem({ size: batch?.size ?? 0, root: fromBase64url(batch?.root ?? '') }, proof);
  return {
    data: proof,
    text: `${JSON.stringify(proof.item, null, 2)}\n\nitem ${proof.index} of ${proof.size}: as the line on the ledger says`,
  };
};
