import { toHex } from '@attestel/core';
import { isDid } from '@attestel/did';
import {
  type BundleName,
  bundlePem,
  fetchBundleProof,
  ROLES,
  type TrustedAnchor,
  verifyBundleProof,
} from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { instantText, requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { ONLINE_SECONDS, trustOf } from '../trust-options.ts';
import { writeWhole } from './write-whole.ts';

const SLICE = /^[0-9a-f]{2}(?:-[0-9a-f]{6})?$/;

/** The bundle is made here, over proven state: a node can leave somebody out, and add nobody. */
export const run: Run = async ({ values }) => {
  const name = nameOf(values);
  const trust = await trustOf(values, { fallback: ONLINE_SECONDS });
  const proof = await fetchBundleProof(name, { node: nodeOf(values), fetch });
  const proven = await verifyBundleProof(name, proof, trust);
  const { anchors, version, at } = proven.at(trust.now());
  const pem = bundlePem({ anchors });
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) await writeWhole(fromHere(out), pem);
  const listed = anchors.map(describe);
  const said = listed.map(
    ({ id, owner, until }) => `${id}  until ${until ?? 'it is retired'}\n  of ${owner}`,
  );
  return {
    data: { version, at, checkpointTime: proven.checkpointTime, anchors: listed, pem },
    text: listed.length === 0 ? 'Nobody is trusted there.' : [...said, ...(out ? [] : ['', pem])].join('\n'),
  };
};

/** @throws argument_missing, option_invalid */
function nameOf(values: CommandInput['values']): BundleName {
  const vendors = textOr(values, 'vendors', undefined);
  if (vendors !== undefined) {
    const role = ROLES.find((one) => one === vendors);
    if (!role) throw fail('option_invalid', { field: `--vendors (${ROLES.join(', ')})` });
    return { kind: 'vendors', role };
  }
  const operator = requiredText(values, 'operator');
  if (!isDid(operator)) throw fail('option_invalid', { field: '--operator (a DID)' });
  const slice = textOr(values, 'slice', null);
  if (slice !== null && !SLICE.test(slice))
    throw fail('option_invalid', { field: '--slice (an S-NSSAI such as 01-00abcd)' });
  return { kind: 'slice', operator, slice };
}

/** An end beyond what a calendar can name is none. */
const describe = ({ id, scope, until, grants }: TrustedAnchor) => ({
  ...{ id: toHex(id), owner: scope.owner, kind: scope.kind, isOwn: grants === null },
  until: until === Number.MAX_SAFE_INTEGER ? null : instantText(until),
});
