import { type Bytes, canonicalizeJson, encodeCbor, type JsonValue, multikeyToText } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import {
  checkAttachment,
  documentCommitment,
  openAttachment,
  parseAttachment,
} from '../../src/document/attachment.ts';
import type { DocumentTemplate } from '../../src/document/template.schema.ts';
import { parseGenesis } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { party } from '../fakes/party.ts';
import { publicKeyOf } from '../fakes/seeded.ts';

const alice = party('attachment-alice');
const genesis = parseGenesis(alice.genesis, sha256);
const { salt, template } = parseAttachment(alice.attachment, 'test');
const refused = (code: string) => expect.objectContaining({ code });
const attach = (json: JsonValue): Bytes => encodeCbor({ salt, document: canonicalizeJson(json) });
const withMembers = (members: { [name: string]: JsonValue | undefined }) =>
  attach({ ...(template as unknown as { [name: string]: JsonValue }), ...members });
const method = (id: string, name: string, algorithm: 'EdDSA' | 'ES256' = 'ES256') => ({
  id,
  type: 'Multikey',
  publicKeyMultibase: multikeyToText(publicKeyOf(name, algorithm)),
});
const service = (serviceEndpoint: string, type = 'Issuer') => [{ id: '#s', type, serviceEndpoint }];

describe('document template (specs/did-mno.md §5)', () => {
  test('holds relative ids only, never the DID', () => {
    expect(JSON.stringify(template)).not.toContain('did:mno');
    expect(template.verificationMethod.map(({ id }) => id)).toEqual(['#key-1', '#ledger-1']);
    expect(template.capabilityInvocation).toEqual(['#ledger-1']);
  });

  test.each<[string, { [name: string]: JsonValue | undefined }]>([
    ['an unknown member', { keyAgreement: ['#key-1'] }],
    ['an absolute id', { verificationMethod: [{ ...method(`${alice.did}#key-1`, 'x') }] }],
    ['a reference to no method', { assertionMethod: ['#key-9'] }],
    ['a reference to a service', { assertionMethod: ['#issuer'] }],
    ['a repeated reference', { assertionMethod: ['#key-1', '#key-1'] }],
    ['an empty relationship', { assertionMethod: [] }],
    ['two methods of one name', { verificationMethod: [method('#a', 'x'), method('#a', 'y')] }],
    ['one key under two names', { verificationMethod: [method('#a', 'x'), method('#b', 'x')] }],
    [
      'a service named as a method',
      { service: [{ id: '#key-1', type: 'A', serviceEndpoint: 'https://a.example' }] },
    ],
    ['another method type', { verificationMethod: [{ ...method('#a', 'x'), type: 'JsonWebKey' }] }],
    [
      'a private member in a method',
      { verificationMethod: [{ ...method('#a', 'x'), secretKeyMultibase: 'z1' }] },
    ],
    ['a key that is none', { verificationMethod: [{ ...method('#a', 'x'), publicKeyMultibase: 'z6MkX' }] }],
    [
      'seventeen methods',
      { verificationMethod: Array.from({ length: 17 }, (_, i) => method(`#k${i}`, `k${i}`)) },
    ],
    ['a phone number as alsoKnownAs', { alsoKnownAs: ['tel:+15550100'] }],
    ['a mail address as alsoKnownAs', { alsoKnownAs: ['mailto:a@b.example'] }],
    ['a service type with spaces', { service: service('https://a.example', 'My Service') }],
    ['a service over http', { service: service('http://a.example/') }],
    ['a service with user information', { service: service('https://u:p@a.example/') }],
    ['a service with a fragment', { service: service('https://a.example/#x') }],
    ['a service with an upper-case host', { service: service('https://A.example/') }],
    ['a service that looks local', { service: service('http://localhost.evil.example/') }],
    [
      'a service behind user information that looks local',
      { service: service('http://localhost@evil.example/') },
    ],
    ['a script URL', { service: service('javascript:alert(1)') }],
    ['a service with a line feed', { service: service('https://a.example/\nx') }],
    ['a service with a broken escape', { service: service('https://a.example/%2') }],
    ['a service of 600 characters', { service: service(`https://a.example/${'a'.repeat(600)}`) }],
  ])('refuses %s', (_, members) => {
    expect(() => parseAttachment(withMembers(members), 'test')).toThrow(refused('invalid_document'));
  });

  test.each([
    'https://a.example',
    'https://a.example:8443/x/y?z=%20',
    'http://localhost:4101/',
    'http://127.0.0.1',
  ])('accepts the service %s', (url) => {
    expect(parseAttachment(withMembers({ service: service(url) }), 'test').template.service).toHaveLength(1);
  });

  test('plain http is never for the main network', () => {
    const local = withMembers({ service: service('http://localhost:4101/') });
    expect(() => parseAttachment(local, 'main')).toThrow(refused('invalid_document'));
  });

  test('alsoKnownAs names https URLs and DIDs', () => {
    const members = { alsoKnownAs: ['https://a.example/', 'did:webvh:QmX:a.example'] };
    expect(parseAttachment(withMembers(members), 'test').template.alsoKnownAs).toHaveLength(2);
  });

  test.each<[string, (json: string) => string]>([
    ['white space', (json) => json.replace('{', '{ ')],
    ['a repeated member', (json) => json.replace('{', '{"authentication":["#key-1"],')],
    [
      'members in another order',
      (json) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json)).reverse())),
    ],
    ['an escaped letter', (json) => json.replace('#key-1', '\\u0023key-1')],
    ['a __proto__ member', (json) => json.replace('{', '{"__proto__":{},')],
    ['no JSON', () => 'null,'],
    ['a list', () => '[]'],
  ])('refuses the same content with %s', (_, change) => {
    const document = change(canonicalizeJson(template as unknown as JsonValue));
    expect(() => parseAttachment(encodeCbor({ salt, document }), 'test')).toThrow(
      refused('invalid_document'),
    );
  });

  test('refuses an attachment without salt, with more members, too large or no CBOR', () => {
    const document = canonicalizeJson(template as unknown as JsonValue);
    for (const bytes of [
      encodeCbor({ document }),
      encodeCbor({ salt: salt.slice(1), document }),
      encodeCbor({ salt, document, more: 1 }),
      encodeCbor({ salt, document: 'x'.repeat(20_000) }),
      Uint8Array.of(0xff),
    ]) {
      expect(() => parseAttachment(bytes, 'test')).toThrow(refused('invalid_document'));
    }
  });
});

describe('commitment (specs/did-mno.md §5.3, §5.4)', () => {
  const commit = (changed: DocumentTemplate) => ({
    ...genesis,
    document: documentCommitment({ salt, template: changed }, sha256),
  });

  test('the right document opens it', () => {
    expect(checkAttachment(alice.attachment, genesis, sha256).template).toEqual(template);
  });

  test('another document, another salt or none does not', () => {
    const otherSalt = encodeCbor({
      salt: salt.map((b) => b ^ 1),
      document: canonicalizeJson(template as never),
    });
    const otherDocument = withMembers({ service: service('https://evil.example') });
    for (const bytes of [otherSalt, otherDocument]) {
      expect(() => checkAttachment(bytes, genesis, sha256)).toThrow(refused('document_mismatch'));
    }
    expect(() => checkAttachment(null, genesis, sha256)).toThrow(refused('document_missing'));
  });

  test.each<[string, Partial<DocumentTemplate>]>([
    ['fewer', { capabilityInvocation: undefined }],
    ['more', { capabilityInvocation: ['#ledger-1', '#key-1'] }],
    ['other', { capabilityInvocation: ['#key-1'] }],
  ])('capabilityInvocation is exactly the signed ledger keys, not %s', (_, members) => {
    const changed = JSON.parse(JSON.stringify({ ...template, ...members })) as DocumentTemplate;
    const bytes = attach(changed as unknown as JsonValue);
    expect(() => checkAttachment(bytes, commit(changed), sha256)).toThrow(refused('document_mismatch'));
  });

  test('a ledger key in the document is the signed one under its name', () => {
    const changed = JSON.parse(JSON.stringify(template)) as DocumentTemplate;
    Object.assign(changed.verificationMethod[1] ?? {}, method('#ledger-1', 'attacker', 'EdDSA'));
    const bytes = attach(changed as unknown as JsonValue);
    expect(() => checkAttachment(bytes, commit(changed), sha256)).toThrow(refused('document_mismatch'));
  });

  test.each(['attachment-alice/1', 'attachment-alice/2'])('control key %s is not in the document', (name) => {
    const methods = [...template.verificationMethod, method('#extra', name, 'EdDSA')];
    const changed = { ...template, verificationMethod: methods } as DocumentTemplate;
    const bytes = attach(changed as unknown as JsonValue);
    expect(() => checkAttachment(bytes, commit(changed), sha256)).toThrow(refused('key_reused'));
  });
});

describe('an attachment out of the store', () => {
  test('is what was checked when it came in', () => {
    expect(openAttachment(alice.attachment, genesis.document, sha256)).toEqual({ salt, template });
  });

  test.each<[string, string, Bytes]>([
    ['another document', 'document_mismatch', withMembers({ alsoKnownAs: ['https://evil.example/'] })],
    [
      'another spelling of it',
      'document_mismatch',
      encodeCbor({ salt, document: JSON.stringify(template, null, 1) }),
    ],
    [
      'another salt',
      'document_mismatch',
      encodeCbor({ salt: new Uint8Array(32), document: canonicalizeJson(template as JsonValue) }),
    ],
    ['half of it', 'invalid_document', alice.attachment.slice(0, 40)],
    ['more than an attachment may have', 'invalid_document', new Uint8Array(16_385)],
  ])('%s is refused', (_, code, bytes) => {
    expect(() => openAttachment(bytes, genesis.document, sha256)).toThrow(refused(code));
  });
});
