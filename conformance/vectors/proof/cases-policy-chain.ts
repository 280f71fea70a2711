import {
  formatNote,
  formatPolicy,
  formatPolicyLink,
  type NoteSignature,
  type Policy,
  policyHash,
} from '@attestel/proof';
import { hashOf, hex, sha256 } from './keys.ts';
import { cosign, keyOf, POLICY, policyOf, signText } from './network.ts';

/** Three become two of three without west, then one new of two. */
const SECOND = policyOf(['north', 'south', 'east'], 2);
const THIRD = policyOf(['south', 'fifth'], 1);
const FOREIGN = policyOf(['north', 'south', 'east'], 2, 'other.example/ledger');

const textOf = (previous: Policy, sequence: number, policy: Policy): string =>
  formatPolicyLink({ sequence, previous: policyHash(previous, sha256), policy });
const signed = (text: string, names: readonly string[], ...more: NoteSignature[]): string =>
  formatNote(text, [...names.map((name) => signText(name, text)), ...more]);

const first = textOf(POLICY, 1, SECOND);
const second = textOf(SECOND, 2, THIRD);
const three = ['north', 'south', 'west'];
const link = signed(first, three);
const next = signed(second, ['north', 'east']);
const reached = (sequence: number, policy: Policy) => ({
  expect: 'accepted',
  result: { sequence, hash: hex(policyHash(policy, sha256)) },
});
const forged = {
  ...signText('east', first),
  signature: keyOf('stranger').sign(new TextEncoder().encode(first)),
};

export const POLICY_CHAIN_CASES = [
  { name: 'no link: the policy at hand', links: [], ...reached(0, POLICY) },
  { name: 'one link', links: [link], ...reached(1, SECOND) },
  { name: 'two links after a long sleep', links: [link, next], ...reached(2, THIRD) },
  {
    name: 'signatures of strangers are left out',
    links: [signed(first, [...three, 'fifth'])],
    ...reached(1, SECOND),
  },
  {
    name: 'too few of the policy before',
    links: [signed(first, ['north', 'south'])],
    expect: 'quorum_not_met',
  },
  {
    name: 'a quorum of the new policy is not one of the old',
    links: [link, signed(second, ['south', 'fifth'])],
    expect: 'quorum_not_met',
  },
  {
    name: 'cosignatures do not sign a link',
    links: [
      formatNote(
        first,
        three.map((name) => cosign(name, first)),
      ),
    ],
    expect: 'quorum_not_met',
  },
  { name: 'one witness twice', links: [signed(first, [...three, 'north'])], expect: 'cosignature_duplicate' },
  {
    name: 'one wrong signature beside a quorum',
    links: [signed(first, three, forged)],
    expect: 'cosignature_invalid',
  },
  { name: 'a link is left out', links: [next], expect: 'policy_link_broken' },
  { name: 'the same link again', links: [link, link], expect: 'policy_link_broken' },
  {
    name: 'sequence 2 after sequence 0',
    links: [signed(textOf(POLICY, 2, SECOND), three)],
    expect: 'policy_link_broken',
  },
  {
    name: 'of another policy',
    links: [signed(formatPolicyLink({ sequence: 1, previous: hashOf('other'), policy: SECOND }), three)],
    expect: 'policy_link_broken',
  },
  {
    name: 'to another ledger',
    links: [signed(textOf(POLICY, 1, FOREIGN), three)],
    expect: 'checkpoint_wrong_origin',
  },
  {
    name: 'another domain line',
    links: [signed(first.replace('/v1', '/v2'), three)],
    expect: 'policy_link_malformed',
  },
  {
    name: 'sequence 0',
    links: [signed(first.replace('sequence 1', 'sequence 0'), three)],
    expect: 'policy_link_malformed',
  },
  {
    name: 'sequence with a leading zero',
    links: [signed(first.replace('sequence 1', 'sequence 01'), three)],
    expect: 'policy_link_malformed',
  },
  {
    name: 'sequence 2^53',
    links: [signed(first.replace('sequence 1', 'sequence 9007199254740992'), three)],
    expect: 'policy_link_malformed',
  },
  {
    name: 'a policy in another spelling',
    links: [signed(`${first}# comment\n`, three)],
    expect: 'policy_link_malformed',
  },
  {
    name: 'a policy that is none',
    links: [signed(first.replace('quorum operators', 'quorum none'), three)],
    expect: 'policy_malformed',
  },
  { name: 'no signatures', links: [first], expect: 'note_malformed' },
];

export const CHAIN_START = { sequence: 0, policy: formatPolicy(POLICY) };
