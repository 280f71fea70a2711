import { writeFile } from 'node:fs/promises';
import { AppError, equalBytes } from '@attestel/core';
import { createLedgerClient, type PolicyChain, proofCrypto } from '@attestel/ledger';
import {
  formatPolicy,
  type Policy,
  ProofError,
  parseNote,
  parsePolicy,
  parsePolicyLink,
  policyHash,
  type TrustedPolicy,
  verifyPolicyChain,
} from '@attestel/proof';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { policyOf } from './checked-note.ts';

export const run: Run = async ({ values }) => {
  const trusted = await policyOf(fromHere(requiredText(values, 'policy')));
  const chain = await createLedgerClient({ url: nodeOf(values), fetch }).policyChain();
  const newest = await follow(trusted, chain);
  const policy = formatPolicy(newest.policy);
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) await writeNew(fromHere(out), policy);
  return {
    data: { policy, sequence: newest.sequence, steps: newest.steps },
    text: `${policy}\n${saidOf(newest.steps)}`,
  };
};

interface Followed extends TrustedPolicy {
  readonly steps: number;
}

/** From the policy at hand, wherever it stands in the chain, to its end. @throws AppError of kind proof-failed */
async function follow(trusted: Policy, { first, links }: PolicyChain): Promise<Followed> {
  try {
    const sequence = placeOf(trusted, { first, links });
    if (sequence === undefined) throw fail('policy_not_in_chain');
    const rest = links.slice(sequence);
    const newest = await verifyPolicyChain({ sequence, policy: trusted }, rest, proofCrypto);
    return { ...newest, steps: rest.length };
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    const { code, message } = cause;
    throw new AppError(code, { kind: 'proof-failed', message }, { field: 'link', cause });
  }
}

/** Of policies that came back the last: whoever follows from there takes the fewest steps. */
function placeOf(trusted: Policy, { first, links }: PolicyChain): number | undefined {
  const { sha256 } = proofCrypto;
  const wanted = policyHash(trusted, sha256);
  const policies = [
    parsePolicy(first, sha256),
    ...links.map((link) => parsePolicyLink(parseNote(link).text, sha256).policy),
  ];
  const place = policies.findLastIndex((policy) => equalBytes(policyHash(policy, sha256), wanted));
  return place < 0 ? undefined : place;
}

const saidOf = (steps: number): string =>
  steps === 0
    ? 'This is the policy in force, as far as the node shows.'
    : `Proven by ${steps} signed ${steps === 1 ? 'link' : 'links'} from the policy given.`;

/** What is there may be the policy that somebody relies on. @throws folder_taken */
const writeNew = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { flag: 'wx', flush: true }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? fail('folder_taken', { field: '--out', cause }) : cause;
  });
