import type { JsonValue } from '@attestel/core';
import { issueVc, parseVc, type Vc, vcKeysOf, verifyVc } from '@attestel/credentials';
import type { DidResolver } from '@attestel/did';
import { describe, expect, test } from 'vitest';
import {
  didOf,
  documentOf,
  fakeResolver,
  NOW,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
} from '../fixtures.ts';

const consortium = await newConsortium(2);
const [operator, other] = consortium.operators as [Operator, Operator];

const VC: Vc = {
  type: 'Inspector',
  issuer: operator.did,
  subject: didOf(9),
  claims: { province: 'GD' },
  validFrom: NOW - 10,
  validUntil: NOW + 10,
  status: { channel: 'gd', ref: '0f'.repeat(32) },
};

const deep = (depth: number): JsonValue => (depth === 0 ? null : [deep(depth - 1)]);

const issue = (changes: Partial<Vc> = {}) =>
  issueVc({ vc: { ...VC, ...changes }, kid: operator.kid, signer: operator.signer });

describe('issuing a vc+jwt', () => {
  test('what is issued verifies with the key of the DID document, by ES256 and by EdDSA', async () => {
    const { resolver } = fakeResolver([operator]);
    expect(await verifyVc({ vc: await issue(), findKey: vcKeysOf(resolver), at: NOW })).toEqual(VC);
    const signer = await newSigner('EdDSA');
    const document = documentOf(operator.did, signer);
    const edwards = fakeResolver([{ ...operator, document }]);
    const vc = await issueVc({ vc: VC, kid: operator.kid, signer });
    expect(await verifyVc({ vc, findKey: vcKeysOf(edwards.resolver), at: NOW })).toEqual(VC);
  });

  test('header says typ, cty and kid', async () => {
    const { jws, kid } = parseVc(await issue());
    expect(jws.header).toEqual({ typ: 'vc+jwt', cty: 'vc', kid: operator.kid, alg: 'ES256' });
    expect(kid).toBe(operator.kid);
  });

  test.each([
    ['a type with a space', { type: 'Two words' }, 'vc_type_malformed'],
    ['a subject that is no DID', { subject: 'tel:1' }, 'vc_subject_malformed'],
    ['claims that name another subject', { claims: { id: 'did:mno:x', '@id': 'y' } }, 'vc_subject_malformed'],
    ['an end before the beginning', { validUntil: NOW - 11 }, 'vc_valid_until_malformed'],
    ['a ref that is none', { status: { channel: 'gd', ref: 'x' } }, 'vc_status_malformed'],
    ['a credential that is too large', { claims: { text: '字'.repeat(4_000) } }, 'jws_too_large'],
    ['claims nested too deeply', { claims: { deep: deep(20) } }, 'json_too_complex'],
    ['an id that is no URL', { id: 'x' }, 'vc_id_malformed'],
  ])('never signs %s', async (_, changes, code) => {
    expect(await refusalOf(() => issue(changes))).toBe(code);
  });

  test('never signs in the name of another', async () => {
    await expect(issueVc({ vc: VC, kid: other.kid, signer: other.signer })).rejects.toThrow(TypeError);
  });

  test('claims cannot replace the subject', async () => {
    expect(await refusalOf(() => issue({ claims: { id: didOf(3) } }))).toBe('vc_subject_malformed');
  });
});

describe('verifying a vc+jwt', () => {
  test('validity is half-open', async () => {
    const { resolver } = fakeResolver([operator]);
    const vc = await issue();
    const at = (time: number) => refusalOf(() => verifyVc({ vc, findKey: vcKeysOf(resolver), at: time }));
    expect(await at(NOW - 11)).toBe('vc_not_yet_valid');
    expect(await at(NOW - 10)).toBe('accepted');
    expect(await at(NOW + 9)).toBe('accepted');
    expect(await at(NOW + 10)).toBe('vc_expired');
  });

  test('the DID of the issuer must resolve, and the key be under assertionMethod', async () => {
    const { resolver, documents, state } = fakeResolver([operator]);
    const vc = await issue();
    const code = () => refusalOf(() => verifyVc({ vc, findKey: vcKeysOf(resolver), at: NOW }));
    documents.set(operator.did, { ...operator.document, assertionMethod: [] });
    expect(await code()).toBe('issuer_key_not_assertion');
    documents.set(operator.did, operator.document);
    state.deactivated.add(operator.did);
    expect(await code()).toBe('issuer_did_unresolved');
    documents.delete(operator.did);
    expect(await code()).toBe('issuer_did_unresolved');
  });

  test('keys are those of the time of signing, where that is known', async () => {
    const asked: unknown[] = [];
    const resolver: DidResolver = {
      resolve: async (_, options) => {
        asked.push(options?.versionTime);
        return { didResolutionMetadata: {}, didDocument: operator.document, didDocumentMetadata: {} };
      },
    };
    await verifyVc({ vc: await issue(), findKey: vcKeysOf(resolver, NOW - 5), at: NOW });
    expect(asked).toEqual(['2027-01-15T07:59:55Z']);
  });
});
