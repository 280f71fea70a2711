import { describe, expect, it } from 'vitest';
import { signingKeysOf } from '../../../src/node/console/signing-keys.ts';

const DID = 'did:mno:demo:a';
const method = (name: string, key: string) => ({
  ...{ id: `${DID}#${name}`, type: 'Multikey' as const, controller: DID, publicKeyMultibase: key },
});
const resolverOf = (document: object | null, metadata: object = {}) => ({
  resolve: async () => ({
    ...{ didResolutionMetadata: {}, didDocument: document, didDocumentMetadata: metadata },
  }),
});
const documentOf = (authentication: readonly string[], ...methods: readonly object[]) => ({
  ...{ '@context': [], id: DID, verificationMethod: methods },
  authentication: authentication.map((name) => `${DID}#${name}`),
});

describe('the keys with which a party signs', () => {
  const keysOf = (document: object | null, metadata?: object) =>
    signingKeysOf(resolverOf(document, metadata) as never, DID);

  it('are told apart by name and value, in whatever order they stand', async () => {
    const [one, two, other] = [method('k1', 'zA'), method('k2', 'zB'), method('k1', 'zC')];
    const both = await keysOf(documentOf(['k1', 'k2'], one, two));
    expect(await keysOf(documentOf(['k2', 'k1'], two, one))).toBe(both);
    const changed = [
      documentOf(['k1'], one, two),
      documentOf(['k1', 'k2'], other, two),
      documentOf(['k2'], one, two),
    ];
    const texts = await Promise.all(changed.map((document) => keysOf(document)));
    expect(new Set([both, ...texts]).size).toBe(4);
  });

  it.each([
    ['there is no such DID', null, {}],
    ['it was given up', documentOf(['k1'], method('k1', 'zA')), { deactivated: true }],
    ['none is for signing in', documentOf([], method('k1', 'zA')), {}],
  ])('are none where %s', async (_, document, metadata) => {
    expect(await keysOf(document, metadata)).toBeUndefined();
  });
});
