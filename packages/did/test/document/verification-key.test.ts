import { describe, expect, test } from 'vitest';
import { type DidDocument, type DidResolution, verificationKey } from '../../src/index.ts';
import { resolutionError } from '../../src/resolver/resolution-error.ts';
import { party } from '../fakes/party.ts';

const alice = party('verification-key');
const { did, document, kid } = alice;
const refused = (code: string) => expect.objectContaining({ code });
const resolved = (metadata: DidResolution['didDocumentMetadata'] = {}): DidResolution => ({
  didResolutionMetadata: {},
  didDocument: document,
  didDocumentMetadata: metadata,
});

describe('verificationKey (Controlled Identifiers 1.0 §3.3)', () => {
  test('gives the key of a document or of a resolution', () => {
    expect(verificationKey(document, kid, 'assertionMethod')).toEqual(alice.key.publicKey);
    expect(verificationKey(resolved(), kid, 'authentication')).toEqual(alice.key.publicKey);
    expect(verificationKey(document, `${did}#ledger-1`, 'capabilityInvocation')).toEqual(
      alice.ledgerKey.publicKey,
    );
  });

  test('a key is good only for what it is authorised for', () => {
    for (const [url, relationship] of [
      [kid, 'capabilityInvocation'],
      [kid, 'capabilityDelegation'],
      [`${did}#ledger-1`, 'assertionMethod'],
      [`${did}#ledger-1`, 'authentication'],
    ] as const) {
      expect(() => verificationKey(document, url, relationship)).toThrow(refused('key_not_authorized'));
    }
  });

  test('an unknown name, a service or another DID gives none', () => {
    const other = party('verification-key-other');
    for (const url of [`${did}#key-9`, `${did}#issuer`, `${did}#key`, other.kid]) {
      expect(() => verificationKey(document, url, 'assertionMethod')).toThrow(refused('key_not_found'));
    }
  });

  test('the DID URL names a fragment and nothing else', () => {
    for (const url of [did, `${did}?versionId=1#key-1`, `${did}/x#key-1`, `#key-1`, `${did}%23key-1`]) {
      expect(() => verificationKey(document, url, 'assertionMethod')).toThrow(refused('invalid_did_url'));
    }
  });

  test('a method of another controller, of another type or listed twice gives none', () => {
    const [method, ...rest] = document.verificationMethod;
    if (method === undefined) throw new Error('no method');
    const changed = (...methods: object[]) =>
      ({ ...document, verificationMethod: [...methods, ...rest] }) as unknown as DidDocument;
    for (const [source, code] of [
      [changed({ ...method, controller: party('verification-key-other').did }), 'key_not_authorized'],
      [changed({ ...method, type: 'JsonWebKey' }), 'key_not_authorized'],
      [changed(method, method), 'key_not_found'],
    ] as const) {
      expect(() => verificationKey(source, kid, 'assertionMethod')).toThrow(refused(code));
    }
  });

  test('a deactivated DID gives none, even with a historic document', () => {
    expect(() => verificationKey(resolved({ deactivated: true }), kid, 'assertionMethod')).toThrow(
      refused('did_deactivated'),
    );
  });

  test('a failed resolution gives none', () => {
    expect(() => verificationKey(resolutionError('NOT_FOUND'), kid, 'assertionMethod')).toThrow(
      refused('did_not_found'),
    );
    expect(() => verificationKey(resolutionError('INTERNAL_ERROR'), kid, 'assertionMethod')).toThrow(
      refused('resolution_failed'),
    );
    const empty = { ...resolved(), didDocument: null };
    expect(() => verificationKey(empty, kid, 'assertionMethod')).toThrow(refused('resolution_failed'));
  });
});
