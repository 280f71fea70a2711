import { describe, expect, it } from 'vitest';
import { createPolicy, formatPolicy, parsePolicy } from '../../src/index.ts';
import { ed25519Key } from '../node-crypto.ts';
import { codeOf, sha256 } from '../sha256.ts';
import { flat, ORIGIN } from './network.ts';

const witness = { name: 'w', keyName: 'w.example', publicKey: ed25519Key('w').publicKey };
const draft = { origin: ORIGIN, logs: [], witnesses: [witness], groups: [], quorum: 'w' };

describe('policy', () => {
  it('made of keys is the one that its text says, logs and URLs included', () => {
    const logs = [{ publicKey: ed25519Key('log').publicKey, url: 'https://log.example/' }];
    const policy = createPolicy(
      { ...draft, logs, witnesses: [{ ...witness, url: 'https://w.example/' }] },
      sha256,
    );
    expect(policy.logs[0]).toMatchObject({ name: ORIGIN, url: 'https://log.example/' });
    expect(policy.witnesses[0]).toMatchObject({ name: 'w', keyName: 'w.example', url: 'https://w.example/' });
    expect(parsePolicy(formatPolicy(policy), sha256)).toEqual(policy);
  });

  it.each([
    ['a name of two words', { ...draft, witnesses: [{ ...witness, name: 'a b' }] }],
    ['a URL with a line of its own', { ...draft, witnesses: [{ ...witness, url: 'x\nquorum w' }] }],
    ['an origin with a space', { ...draft, origin: 'a b' }],
    ['a key of 31 bytes', { ...draft, witnesses: [{ ...witness, publicKey: new Uint8Array(31) }] }],
  ])('is not made with %s', (_, bad) => {
    expect(() => createPolicy(bad, sha256)).toThrow(TypeError);
  });

  it('is not made against the rules of the text', async () => {
    expect(await codeOf(() => createPolicy({ ...draft, quorum: 'none' }, sha256))).toBe('policy_malformed');
    const twins = [witness, { ...witness, name: 'v' }];
    expect(await codeOf(() => createPolicy({ ...draft, witnesses: twins }, sha256))).toBe('policy_malformed');
  });

  it('may have 64 witnesses and no more', async () => {
    expect(flat(64, 64).witnesses).toHaveLength(64);
    expect(await codeOf(() => flat(65, 1))).toBe('policy_malformed');
  });

  it('has no two witnesses of one key name whose plain key ids collide: links name them by these', async () => {
    // Stands for a key that was searched for until the four bytes came out the same.
    const colliding = (data: Uint8Array): Uint8Array =>
      data[data.indexOf(0x0a) + 1] === 0x01 ? new Uint8Array(32) : sha256(data);
    const twin = { ...witness, name: 'v', publicKey: ed25519Key('v').publicKey };
    const twins = { ...draft, witnesses: [witness, twin] };
    expect(await codeOf(() => createPolicy(twins, sha256))).toBe('accepted');
    expect(await codeOf(() => createPolicy(twins, colliding))).toBe('policy_malformed');
    const others = { ...draft, witnesses: [witness, { ...twin, keyName: 'v.example' }] };
    expect(await codeOf(() => createPolicy(others, colliding))).toBe('accepted');
  });

  it('is read in one pass, however many blanks stand inside its lines', async () => {
    for (let i = 0; i < 20; i++) {
      const line = `${' \t'.repeat(32_000)}x`;
      expect(await codeOf(() => parsePolicy(`#${line}\n`, sha256))).toBe('policy_malformed');
    }
  }, 5_000);

  it('loses blanks at both ends of a line, and no others', () => {
    const text = formatPolicy(createPolicy(draft, sha256));
    const spaced = text
      .replaceAll('\n', ' \t\n\t \n')
      .replaceAll('\n', '\n\t ')
      .replace(/[ \t]+$/, '');
    expect(formatPolicy(parsePolicy(spaced, sha256))).toBe(text);
    expect(() => parsePolicy(text.replace('quorum w', 'quorum\u00a0w'), sha256)).toThrow('unknown keyword');
  });

  it('says in its errors where and which rule, and repeats nothing of the text', () => {
    const work = () => parsePolicy(`# origin: ${ORIGIN}\nsecret word\n`, sha256);
    expect(work).toThrow('policy: line 2: unknown keyword');
  });
});
