import fc from 'fast-check';
import {
  type Cosignature,
  cosignatureMessage,
  createPolicy,
  formatLedgerBody,
  type Policy,
  type WitnessGroup,
} from '../../src/index.ts';
import { ed25519Key } from '../node-crypto.ts';
import { hashOf, sha256 } from '../sha256.ts';

export const ORIGIN = 'ledger.example/test';
export const BODY = formatLedgerBody({
  origin: ORIGIN,
  size: 42,
  root: hashOf('root'),
  state: hashOf('state'),
});

/** Witnesses `w0` to `w<count − 1>`, keys `w<i>.example`. */
export const policyOf = (count: number, groups: readonly WitnessGroup[], quorum: string): Policy =>
  createPolicy(
    {
      origin: ORIGIN,
      logs: [],
      witnesses: Array.from({ length: count }, (_, i) => ({
        name: `w${i}`,
        keyName: `w${i}.example`,
        publicKey: ed25519Key(`w${i}`).publicKey,
      })),
      groups,
      quorum,
    },
    sha256,
  );

export const flat = (count: number, threshold: number): Policy =>
  policyOf(
    count,
    [{ name: 'all', threshold, members: Array.from({ length: count }, (_, i) => `w${i}`) }],
    'all',
  );

export function cosign(policy: Policy, i: number, time: number, body = BODY): Cosignature {
  const witness = policy.witnesses[i];
  if (!witness) throw new RangeError('no such witness');
  return {
    keyId: witness.keyId,
    time,
    signature: ed25519Key(witness.name).sign(cosignatureMessage(body, time)),
  };
}

/** Policies of up to eight witnesses with groups of groups; every name is a member at most once. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    count: fc.integer({ min: 1, max: 8 }),
    cuts: fc.array(fc.record({ take: fc.integer({ min: 1, max: 4 }), threshold: fc.nat(3) }), {
      maxLength: 5,
    }),
  })
  .map(({ count, cuts }) => {
    const free = Array.from({ length: count }, (_, i) => `w${i}`);
    const groups = cuts.map(({ take, threshold }, i): WitnessGroup => {
      const members = free.splice(0, take);
      free.push(`g${i}`);
      return { name: `g${i}`, threshold: 1 + (threshold % members.length), members };
    });
    return policyOf(count, groups, groups.at(-1)?.name ?? 'w0');
  });
