import { randomBytes } from 'node:crypto';
import { encodeCbor, type Signer, systemRandom, toBase64url } from '@attestel/core';
import { commitmentOf, createDid, joinSignatures } from '@attestel/did';
import { decodeOperation, signedBytes } from '@attestel/ledger';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeKey, type PhoneKey, signWith } from '../../src/inspection/phone/keys.ts';
import { commitmentTo, creationOf, type DidDraft } from '../../src/inspection/phone/phone-did.ts';

type Change = Partial<Parameters<typeof createDid>[0]>;

describe('the DID that a phone signs', () => {
  let keys: Record<'key' | 'control' | 'next' | 'strange', PhoneKey>;
  beforeAll(async () => {
    const made = [await makeKey(), await makeKey(), await makeKey(), await makeKey()] as const;
    keys = { key: made[0], control: made[1], next: made[2], strange: made[3] };
  });
  const ours = () => ({
    key: keys.key.publicKey,
    control: keys.control.publicKey,
    next: keys.next.publicKey,
  });
  const method = (fragment: string, key: PhoneKey) => ({
    ...{ fragment, key: key.publicKey, relationships: ['authentication'] as const },
  });
  const draft = (change: Change = {}): DidDraft => {
    const { did, genesis, attachment } = createDid({
      ...{ network: 'cells', controlKey: [], cosigners: [keys.control.publicKey], nextKeys: [] },
      ...{ nextCommitments: [commitmentTo(keys.next.publicKey)], ledgerKeys: [], random: systemRandom },
      document: { verificationMethods: [method('key-1', keys.key)] },
      ...change,
    });
    const [a, b] = [toBase64url(genesis), toBase64url(attachment)];
    return { did, network: 'cells', genesis: a, attachment: b, notAfter: 1_800_000_000 };
  };

  it('is an operation as a ledger takes it, under the phone’s signature', async () => {
    const made = draft();
    const { payload, message } = creationOf(made, ours());
    expect(message).toEqual(signedBytes(payload));
    const signature = await signWith(keys.control, message);
    const attachment = Buffer.from(made.attachment, 'base64url');
    const bytes = encodeCbor([payload, [[keys.control.publicKey, signature]], new Uint8Array(attachment)]);
    expect(joinSignatures([decodeOperation(bytes)]).payload).toMatchObject({
      actor: made.did,
      kind: 'create',
    });
    expect(commitmentTo(keys.next.publicKey)).toEqual(commitmentOf(keys.next.publicKey));
  });

  const stranger = (): Pick<Signer, 'publicKey'> => keys.strange;
  it.each<[string, () => Change]>([
    ['another control key', () => ({ cosigners: [stranger().publicKey] })],
    [
      'one more control key',
      () => ({ cosigners: [keys.control.publicKey, stranger().publicKey], threshold: 1 }),
    ],
    ['another next key', () => ({ nextCommitments: [commitmentTo(stranger().publicKey)] })],
    [
      'one more next key',
      () => ({
        nextCommitments: [commitmentTo(keys.next.publicKey), commitmentTo(stranger().publicKey)],
        nextThreshold: 1,
      }),
    ],
    ['a key for the ledger', () => ({ ledgerKeys: [['ledger-1', stranger().publicKey]] })],
    ['a way to recover it', () => ({ recovery: new Uint8Array(randomBytes(32)) })],
    ['another key for calls', () => ({ document: { verificationMethods: [method('key-1', keys.strange)] } })],
    [
      'one more key for calls',
      () => ({
        document: { verificationMethods: [method('key-1', keys.key), method('key-2', keys.strange)] },
      }),
    ],
    [
      'a service',
      () => ({
        document: {
          verificationMethods: [method('key-1', keys.key)],
          services: [{ fragment: 's', type: 'Any', serviceEndpoint: 'https://a.example' }],
        },
      }),
    ],
  ])('is not signed with %s', (_, change) => {
    expect(() => creationOf(draft(change()), ours())).toThrow(/pairing/);
  });

  it('is not signed under a name that is not that of its genesis, nor for another network', () => {
    expect(() => creationOf({ ...draft(), did: draft().did }, ours())).toThrow();
    expect(() => creationOf({ ...draft(), network: 'other' }, ours())).toThrow(/pairing/);
  });
});
