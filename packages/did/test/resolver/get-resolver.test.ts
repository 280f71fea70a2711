import { Resolver } from 'did-resolver';
import { describe, expect, test } from 'vitest';
import { formatVersionId, getResolver } from '../../src/index.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { party } from '../fakes/party.ts';

const { alice, gone, operations, resolver } = await ledgerWithHistory();
const driver = new Resolver(getResolver(resolver));

describe('did-resolver 6 driver', () => {
  test('gives the DID Core 1.0 view of the document', async () => {
    const { didDocument, didResolutionMetadata, didDocumentMetadata } = await driver.resolve(alice.did);
    expect(didDocument).toMatchObject({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: alice.did,
      verificationMethod: alice.document.verificationMethod,
    });
    expect(didResolutionMetadata).toEqual({ contentType: 'application/did+ld+json' });
    expect(didDocumentMetadata.versionId).toBe(formatVersionId(2, operations.update.id));
  });

  test('reads versions from the DID URL, one after another', async () => {
    for (const [n, { id }] of [
      [1, operations.create],
      [2, operations.update],
    ] as const) {
      const versionId = formatVersionId(n, id);
      const { didDocumentMetadata } = await driver.resolve(`${alice.did}?versionId=${versionId}`);
      expect(didDocumentMetadata.versionId).toBe(versionId);
    }
  });

  test.each([
    ['did:mno:nothing', 'invalidDid'],
    [party('driver-unknown').did, 'notFound'],
    ['did:web:example.com', 'unsupportedDidMethod'],
    [`${alice.did}?versionId=1&versionId=1`, 'invalidDidUrl'],
    [`${alice.did}?versionId=1`, 'invalidOptions'],
    [`${alice.did}?service=issuer`, 'featureNotSupported'],
  ])('%s is %s, a word', async (didUrl, error) => {
    const { didDocument, didResolutionMetadata } = await driver.resolve(didUrl);
    expect(didResolutionMetadata.error).toBe(error);
    expect(didDocument).toBeNull();
  });

  test('a fragment does not change what is resolved', async () => {
    expect((await driver.resolve(alice.kid)).didDocument?.id).toBe(alice.did);
  });

  test('a deactivated DID has no document, so that did-jwt refuses its tokens', async () => {
    const { didDocument, didDocumentMetadata } = await driver.resolve(gone.did);
    expect([didDocument, didDocumentMetadata.deactivated]).toEqual([null, true]);
  });
});
