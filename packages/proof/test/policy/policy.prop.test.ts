import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertQuorum, formatPolicy, type Policy, ProofError, parsePolicy } from '../../src/index.ts';
import { sha256 } from '../sha256.ts';
import { anyPolicy, policyOf } from './network.ts';

/** Word for word: a witness holds if it signed, a group if enough members hold. */
const holds = (policy: Policy, name: string, signed: ReadonlySet<string>): boolean => {
  const group = policy.groups.find((candidate) => candidate.name === name);
  if (!group) return signed.has(name);
  return group.members.filter((member) => holds(policy, member, signed)).length >= group.threshold;
};

/** The newest of the given times at or after which a quorum signed, by trying each. */
function naiveTime(policy: Policy, times: ReadonlyMap<string, number>): number | undefined {
  const candidates = [...times.values()].sort((a, b) => b - a);
  return candidates.find((at) => {
    const signed = new Set([...times].filter(([, time]) => time >= at).map(([name]) => name));
    return holds(policy, policy.quorum, signed);
  });
}

const anySigning = anyPolicy.chain((policy) =>
  fc.record({
    policy: fc.constant(policy),
    times: fc.array(fc.option(fc.nat(5)), {
      minLength: policy.witnesses.length,
      maxLength: policy.witnesses.length,
    }),
  }),
);

describe('quorum', () => {
  it('agrees with the definition for any nesting and any set of signers, times included', () => {
    fc.assert(
      fc.property(anySigning, ({ policy, times }) => {
        const verified = policy.witnesses.flatMap((witness, i) => {
          const time = times[i];
          return typeof time === 'number' ? [{ witness, time }] : [];
        });
        const expected = naiveTime(
          policy,
          new Map(verified.map(({ witness, time }) => [witness.name, time])),
        );
        if (expected === undefined) {
          expect(() => assertQuorum(policy, verified)).toThrow(ProofError);
        } else {
          expect(assertQuorum(policy, verified)).toEqual({ time: expected });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not count witnesses of another policy, nor one witness twice', () => {
    const policy = policyOf(2, [{ name: 'g', threshold: 2, members: ['w0', 'w1'] }], 'g');
    const other = policyOf(2, [], 'w0');
    const [w0] = policy.witnesses;
    const [, foreign] = other.witnesses;
    if (!w0 || !foreign) throw new Error('two witnesses each');
    expect(() =>
      assertQuorum(policy, [
        { witness: w0, time: 1 },
        { witness: foreign, time: 1 },
      ]),
    ).toThrow(ProofError);
    expect(() =>
      assertQuorum(policy, [
        { witness: w0, time: 1 },
        { witness: w0, time: 2 },
      ]),
    ).toThrow(ProofError);
  });
});

describe('policy text', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(parsePolicy(formatPolicy(policy), sha256)).toEqual(policy);
      }),
    );
  });

  it('survives damage: it is refused, or its canonical text means the same', () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('\n', ' ', '\t', '#', ' none', '\u00a0')),
    );
    fc.assert(
      fc.property(anyPolicy, damage, (policy, [position, drop, put]) => {
        const text = formatPolicy(policy);
        const at = position % (text.length + 1);
        try {
          const parsed = parsePolicy(text.slice(0, at) + put + text.slice(at + drop), sha256);
          expect(parsePolicy(formatPolicy(parsed), sha256)).toEqual(parsed);
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
          expect(error).toHaveProperty('code', 'policy_malformed');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of anyone is refused with a ProofError', () => {
    const words = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'any',
      'all',
      'none',
      '2',
      'a',
      '# origin: x',
      '\n',
      ' ',
      '\t',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        expect(() => parsePolicy(input, sha256)).toThrow(ProofError);
      }),
    );
  });
});
