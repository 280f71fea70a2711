import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatNote,
  formatPolicyLink,
  noteKeyId,
  type Policy,
  ProofError,
  parsePolicyLink,
  policyHash,
  type TrustedPolicy,
  verifyPolicyChain,
} from '../../src/index.ts';
import { ed25519Key, nodeCrypto } from '../node-crypto.ts';
import { codeOf, sha256, utf8 } from '../sha256.ts';
import { anyPolicy, flat } from './network.ts';

/** A link signed by every witness of the policy before. */
function linkOf(previous: Policy, sequence: number, policy: Policy): string {
  const text = formatPolicyLink({ sequence, previous: policyHash(previous, sha256), policy });
  const sign = ({ name, keyName, publicKey }: Policy['witnesses'][number]) => ({
    name: keyName,
    keyId: noteKeyId(sha256, keyName, publicKey),
    signature: ed25519Key(name).sign(utf8(text)),
  });
  return formatNote(text, previous.witnesses.map(sign));
}

describe('policy chain', () => {
  it('brings a client from any policy at hand to the newest one', async () => {
    const policies = [flat(3, 2), flat(4, 3), flat(2, 1), flat(5, 4)];
    const links = policies.slice(1).map((policy, i) => linkOf(policies[i] as Policy, i + 1, policy));
    for (const [sequence, policy] of policies.entries()) {
      const reached = await verifyPolicyChain({ sequence, policy }, links.slice(sequence), nodeCrypto);
      expect(reached).toEqual({ sequence: 3, policy: policies[3] });
    }
  });

  it('never leads back, not even to a policy that was right once', async () => {
    const [first, second] = [flat(3, 2), flat(4, 3)];
    const newest: TrustedPolicy = { sequence: 2, policy: first };
    const old = linkOf(first, 1, second);
    expect(await codeOf(() => verifyPolicyChain(newest, [old], nodeCrypto))).toBe('policy_link_broken');
  });

  it('is at most 4,096 links long', async () => {
    const links = Array.from({ length: 4097 }, () => '');
    const start = { sequence: 0, policy: flat(1, 1) };
    expect(await codeOf(() => verifyPolicyChain(start, links, nodeCrypto))).toBe('policy_link_malformed');
  });

  it('reads a link as it was written, and damage is another link or a ProofError', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(2), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1 }), damage, (policy, sequence, [position, drop, put]) => {
        const link = { sequence, previous: policyHash(policy, sha256), policy };
        const text = formatPolicyLink(link);
        expect(parsePolicyLink(text, sha256)).toEqual(link);
        const at = position % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + drop);
        try {
          expect(formatPolicyLink(parsePolicyLink(damaged, sha256))).toBe(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }),
    );
  });

  it.each([0, -1, 1.5, 2 ** 53])('is not written with sequence %d', (sequence) => {
    const policy = flat(1, 1);
    const previous = policyHash(policy, sha256);
    expect(() => formatPolicyLink({ sequence, previous, policy })).toThrow(TypeError);
  });
});
