import { describe, expect, test } from 'vitest';
import { buildRotate, commitmentOf, type RotateRequest } from '../../src/index.ts';
import { NOT_AFTER, party } from '../fakes/party.ts';
import { publicKeyOf } from '../fakes/seeded.ts';

const alice = party('build-rotate');
const create = await alice.create();
const refused = (code: string) => expect.objectContaining({ code });

const request = (changes: Partial<RotateRequest> = {}): RotateRequest => ({
  did: alice.did,
  previous: create.id,
  controlKeys: [alice.control(2)],
  nextKeys: [alice.control(3).publicKey],
  document: alice.document,
  notAfter: NOT_AFTER,
  ...changes,
});

describe('buildRotate', () => {
  test('makes the bytes of the specification and no attachment', async () => {
    const built = await buildRotate(request());
    const expected = await alice.rotate(2, create.id);
    expect(built.payloadBytes).toEqual(expected.payloadBytes);
    expect(built.signatures).toEqual(expected.signatures);
    expect(built.attachment).toBeNull();
  });

  test('takes commitments of keys that it is not shown', async () => {
    const hidden = commitmentOf(alice.control(3).publicKey);
    const built = await buildRotate(request({ nextKeys: [], nextCommitments: [hidden] }));
    expect(built.id).toEqual((await buildRotate(request())).id);
  });

  test('never makes a control key of a key in the document, which no validator could notice', async () => {
    const published = request({ nextKeys: [alice.key.publicKey] });
    await expect(buildRotate(published)).rejects.toThrow(refused('key_reused'));
    await expect(buildRotate({ ...published, document: null })).resolves.toBeDefined();
  });

  test.each<[string, Partial<RotateRequest>, string]>([
    ['without a next key', { nextKeys: [] }, 'invalid_operation'],
    ['with a threshold that no signers can meet', { nextThreshold: 2 }, 'invalid_operation'],
    ['with a threshold of zero', { nextThreshold: 0 }, 'invalid_operation'],
    ['with a next key twice', { nextKeys: [publicKeyOf('n'), publicKeyOf('n')] }, 'invalid_operation'],
    ['with a cosigner that signs already', { cosigners: [alice.control(2).publicKey] }, 'invalid_operation'],
    ['to a key that it reveals', { nextKeys: [alice.control(2).publicKey] }, 'key_reused'],
    ['without any signer', { controlKeys: [], cosigners: [alice.control(2).publicKey] }, 'signature_missing'],
  ])('refuses to build one %s', async (_, changes, code) => {
    await expect(buildRotate(request(changes))).rejects.toThrow(refused(code));
  });
});
