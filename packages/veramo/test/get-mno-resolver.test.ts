import { createLedgerResolver } from '@attestel/did';
import type { DIDResolutionResult } from '@veramo/core-types';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { describe, expect, test } from 'vitest';
import { formatVersionId } from '../../did/src/index.ts';
import { ledgerWithHistory } from '../../did/test/fakes/history.ts';
import { party } from '../../did/test/fakes/party.ts';
import { getMnoResolver } from '../src/index.ts';

const { alice, gone, operations, resolver } = await ledgerWithHistory();
// The types of did-resolver 4 and 6 meet here: a driver that did not fit would not compile.
const plugin = new DIDResolverPlugin(getMnoResolver(resolver));
const resolve = (didUrl: string, options?: object): Promise<DIDResolutionResult> =>
  plugin.resolveDid({ didUrl, ...(options && { options }) });
const versions = [operations.create, operations.update].map(({ id }, i) => formatVersionId(i + 1, id));

describe("did:mno in Veramo's resolver, which is did-resolver 4", () => {
  test('gives the DID Core 1.0 view of the document', async () => {
    const { didDocument, didResolutionMetadata, didDocumentMetadata } = await resolve(alice.did);
    expect(didDocument).toMatchObject({
      id: alice.did,
      verificationMethod: alice.document.verificationMethod,
    });
    expect(didResolutionMetadata).toEqual({ contentType: 'application/did+ld+json' });
    expect(didDocumentMetadata.versionId).toBe(versions[1]);
  });

  test('honours a version in the DID URL and one in the options alike', async () => {
    for (const versionId of versions as string[]) {
      for (const result of [
        await resolve(`${alice.did}?versionId=${versionId}`),
        await resolve(alice.did, { versionId }),
        await resolve(alice.kid, { versionId }),
      ]) {
        expect(result.didDocumentMetadata.versionId).toBe(versionId);
      }
    }
  });

  test('a fragment does not change what is resolved', async () => {
    expect((await resolve(alice.kid)).didDocument?.id).toBe(alice.did);
  });

  test.each([
    ['did:mno:nothing', {}, 'invalidDid'],
    [party('veramo-unknown').did, {}, 'notFound'],
    [`${alice.did};service=x`, {}, 'invalidDidUrl'],
    [`${alice.did}?versionId=${versions[0]}&versionId=${versions[0]}`, {}, 'invalidDidUrl'],
    [`${alice.did}?versionId=${versions[0]}`, { versionId: versions[0] }, 'invalidDidUrl'],
    [alice.did, { versionId: 'first' }, 'invalidOptions'],
    [alice.did, { versionId: versions[0], versionTime: '2027-01-15T08:00:01Z' }, 'invalidOptions'],
    [alice.did, { publicKeyFormat: 'hex' }, 'featureNotSupported'],
    [`${alice.did}?service=issuer`, {}, 'featureNotSupported'],
    [alice.did, { accept: 'text/html' }, 'representationNotSupported'],
  ])('%s with %j is %s, a word, and no document', async (didUrl, options, error) => {
    const { didDocument, didResolutionMetadata } = await resolve(didUrl, options);
    expect(didResolutionMetadata.error).toBe(error);
    expect(didDocument).toBeNull();
  });

  test('a deactivated DID has no document, so that nothing it signed verifies', async () => {
    const { didDocument, didDocumentMetadata } = await resolve(gone.did);
    expect([didDocument, didDocumentMetadata.deactivated]).toEqual([null, true]);
  });

  test('a resolver that fails is an error and not an exception', async () => {
    const broken = new DIDResolverPlugin(
      getMnoResolver(
        createLedgerResolver({
          get network(): string {
            throw new Error('store closed');
          },
        } as never),
      ),
    );
    const { didResolutionMetadata } = await broken.resolveDid({ didUrl: alice.did });
    expect(didResolutionMetadata.error).toBe('internalError');
  });
});
