import { multikeyToText } from '@attestel/core';
import { createIssuerTrust, PHONE_NUMBER_VCT, verifyIssuerSignedSdJwt } from '@attestel/credentials';
import type { Issuer } from '@attestel/registry';
import { issueLeafCertificate } from '@attestel/x509';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Consortium,
  DAY,
  didOf,
  fakeRegistry,
  fakeResolver,
  issueTo,
  NOW,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
  testClock,
} from '../fixtures.ts';

const consortium = await newConsortium(2);
const [operator, other] = consortium.operators as [Operator, Operator];
const holder = await newSigner();
let world: ReturnType<typeof setUp>;

function setUp() {
  const clock = testClock();
  const registry = fakeRegistry(consortium);
  const { resolver, documents, state } = fakeResolver(consortium.operators);
  const issuerKeys = createIssuerTrust({ resolver, registry, clock });
  const verify = (sdJwt: string) =>
    verifyIssuerSignedSdJwt({ sdJwt, clock, vcts: [PHONE_NUMBER_VCT], issuerKeys });
  const codeOf = async (by: Operator, changes: object = {}) => {
    const sdJwt = await issueTo(by, holder, changes);
    return refusalOf(() => verify(sdJwt));
  };
  return { clock, registry, resolver, documents, state, verify, codeOf };
}

beforeEach(() => {
  world = setUp();
});

const leafFor = (changes: Partial<Parameters<typeof issueLeafCertificate>[0]>, by: Consortium = consortium) =>
  issueLeafCertificate({
    issuer: { certificate: by.anchor, signer: by.rootSigner },
    publicKey: operator.signer.publicKey,
    subjectName: 'Operator',
    did: operator.did,
    url: operator.url,
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    ...changes,
  });

const amend = (changes: Partial<Issuer>) => {
  world.registry.entries.set(operator.did, {
    ...(world.registry.issuer(operator.did) as Issuer),
    ...changes,
  });
};

describe('who may issue', () => {
  test('an accredited operator whose key stands on the ledger and in its certificate', async () => {
    const verified = await world.verify(await issueTo(operator, holder));
    expect(verified).toMatchObject({ issuerDid: operator.did, issuer: operator.url });
  });

  test.each([
    ['no kid', undefined],
    ['a thumbprint', 'abc'],
    ['a DID without fragment', operator.did],
    ['two fragments', `${operator.did}#a#b`],
    ['a path', `${operator.did}/x#key-1`],
  ])('kid must be a DID URL with fragment, not %s', async (_, kid) => {
    expect(await world.codeOf({ ...operator, kid: kid as string })).toBe('issuer_kid_not_did_url');
  });

  test('nobody the registry does not know, and nothing is resolved for them', async () => {
    const did = didOf(99);
    expect(await world.codeOf({ ...operator, did, kid: `${did}#key-1` })).toBe('issuer_not_accredited');
    expect(world.state.calls).toBe(0);
  });

  test('no suspended issuer, from that moment on, whatever is cached', async () => {
    expect(await world.codeOf(operator)).toBe('accepted');
    amend({ status: 'suspended' });
    expect(await world.codeOf(operator)).toBe('issuer_not_accredited');
  });

  test('only under the URL the issuer is accredited under', async () => {
    expect(await world.codeOf(operator, { claims: { iss: other.url } })).toBe('issuer_url_mismatch');
    expect(await world.codeOf(operator, { claims: { iss: `${operator.url}/` } })).toBe('issuer_url_mismatch');
  });

  test('no issuer in the name of another', async () => {
    expect(await world.codeOf({ ...operator, kid: other.kid, x5c: other.x5c })).toBe('issuer_url_mismatch');
    expect(await world.codeOf({ ...other, signer: operator.signer })).toBe('signature_invalid');
  });
});

describe('accreditation in time', () => {
  const types = (from: number, until: number | null) => [
    { vct: PHONE_NUMBER_VCT, validity: { from, until } },
  ];

  test('must cover the type', async () => {
    amend({ types: [{ vct: 'https://other.example/1', validity: { from: 0, until: null } }] });
    expect(await world.codeOf(operator)).toBe('issuer_not_accredited');
  });

  test('must not have ended', async () => {
    amend({ types: types(0, NOW) });
    expect(await world.codeOf(operator)).toBe('issuer_not_accredited');
  });

  test('must have begun by the day of issue', async () => {
    amend({ types: types(NOW - DAY, null) });
    const iat = Math.floor((NOW - 3 * DAY) / DAY) * DAY;
    expect(await world.codeOf(operator, { claims: { iat } })).toBe('issuer_not_accredited');
  });

  // iat is the midnight before the moment of issue.
  test('covers what was issued later on the day it began', async () => {
    amend({ types: types(NOW - 60, null) });
    expect(await world.codeOf(operator)).toBe('accepted');
  });
});

describe('the two anchors of a key', () => {
  test('a certificate must be there', async () => {
    expect(await world.codeOf({ ...operator, x5c: [] })).toBe('issuer_x5c_malformed');
  });

  test('and must be certificates in base64', async () => {
    for (const x5c of [
      undefined,
      'text',
      [1],
      ['a-_'],
      ['='],
      [...Array<string>(5).fill('AAAA')],
      ['A'.repeat(9_000)],
    ]) {
      const findKey = createIssuerTrust(world);
      expect(await refusalOf(() => findKey({ kid: operator.kid, x5c: x5c as never }, {}))).toBe(
        'issuer_x5c_malformed',
      );
    }
  });

  test('a certificate of another authority does not count', async () => {
    const foreign = await newConsortium(0);
    const x5c = [await leafFor({}, foreign)];
    expect(await world.codeOf({ ...operator, x5c })).toBe('issuer_x5c_untrusted');
    expect(await world.codeOf({ ...operator, x5c: [new Uint8Array(300)] })).toBe('issuer_x5c_untrusted');
  });

  test('an expired certificate does not count', async () => {
    const x5c = [await leafFor({ notBefore: NOW - 2 * DAY, notAfter: NOW - DAY })];
    expect(await world.codeOf({ ...operator, x5c })).toBe('issuer_x5c_untrusted');
  });

  test('the certificate must name the DID', async () => {
    const x5c = [await leafFor({ did: other.did })];
    expect(await world.codeOf({ ...operator, x5c })).toBe('issuer_x5c_name_mismatch');
  });

  test('the certificate must hold the key of the DID document', async () => {
    const x5c = [await leafFor({ publicKey: (await newSigner()).publicKey })];
    expect(await world.codeOf({ ...operator, x5c })).toBe('issuer_x5c_key_mismatch');
  });

  test('a key that the authority certified but the ledger does not hold is refused', async () => {
    const signer = await newSigner();
    const x5c = [await leafFor({ publicKey: signer.publicKey })];
    expect(await world.codeOf({ ...operator, signer, x5c })).toBe('issuer_x5c_key_mismatch');
  });

  test('the key must be an assertion method', async () => {
    const { assertionMethod: _, ...document } = operator.document;
    world.documents.set(operator.did, document);
    expect(await world.codeOf(operator)).toBe('issuer_key_not_assertion');
  });

  test('kid must name a method of the document, in a form we read', async () => {
    expect(await world.codeOf({ ...operator, kid: `${operator.did}#key-2` })).toBe(
      'issuer_key_not_assertion',
    );
    const [method] = operator.document.verificationMethod;
    if (!method) throw new Error('fixture without method');
    const broken = { ...method, publicKeyMultibase: multikeyToText(operator.signer.publicKey).slice(1) };
    world.documents.set(operator.did, { ...operator.document, verificationMethod: [broken] });
    expect(await world.codeOf(operator)).toBe('issuer_key_not_assertion');
  });

  test('a DID that is gone or deactivated proves nothing', async () => {
    world.state.deactivated.add(operator.did);
    expect(await world.codeOf(operator)).toBe('issuer_did_unresolved');
    world.documents.delete(operator.did);
    expect(await world.codeOf(operator)).toBe('issuer_did_unresolved');
  });
});

describe('the cache of keys', () => {
  test('resolves once in ten seconds, and sees a removed key after them', async () => {
    await world.codeOf(operator);
    expect(await world.codeOf(operator)).toBe('accepted');
    expect(world.state.calls).toBe(1);
    const { assertionMethod: _, ...document } = operator.document;
    world.documents.set(operator.did, document);
    world.clock.advance(11);
    expect(await world.codeOf(operator)).toBe('issuer_key_not_assertion');
  });

  test('keeps no key beyond its certificate', async () => {
    const x5c = [await leafFor({ notAfter: NOW + 3 })];
    expect(await world.codeOf({ ...operator, x5c })).toBe('accepted');
    world.clock.advance(4);
    expect(await world.codeOf({ ...operator, x5c })).toBe('issuer_x5c_untrusted');
  });

  test('keeps no refusal', async () => {
    world.documents.delete(operator.did);
    expect(await world.codeOf(operator)).toBe('issuer_did_unresolved');
    world.documents.set(operator.did, operator.document);
    expect(await world.codeOf(operator)).toBe('accepted');
  });
});

describe('the status list of a credential', () => {
  const at = (uri: string) => ({ claims: { status: { status_list: { idx: 1, uri } } } });

  test.each([
    [`${other.url}/status-lists/1`],
    ['https://elsewhere.example/1'],
    [`${operator.url}.elsewhere.example/1`],
    [operator.url],
    [`${operator.url}/a/../../b`],
    [`${operator.url}/%2e%2e/b`],
    [operator.url.replace('https', 'http')],
    ['HTTPS://OP0.EXAMPLE/status-lists/1'],
  ])('must stand under the URL of its issuer: %s', async (uri) => {
    expect(await world.codeOf(operator, at(uri))).toBe('issuer_status_elsewhere');
  });

  test('belongs to the issuer with the longest URL above it', async () => {
    const nested = `${operator.url}/tenant`;
    world.registry.entries.set(other.did, {
      ...(world.registry.issuer(other.did) as Issuer),
      issuerUrl: nested,
    });
    expect(await world.codeOf(operator, at(`${nested}/status-lists/1`))).toBe('issuer_status_elsewhere');
    expect(await world.codeOf(operator, at(`${operator.url}/tenants/1`))).toBe('accepted');
  });
});
