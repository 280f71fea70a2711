import { describe, expect, test } from 'vitest';
import { contentOf, createDid, type DidDocument } from '../../src/index.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

const base = {
  network: 'test',
  controlKey: seededSigner('content/1'),
  nextKeys: [publicKeyOf('content/2')],
  random: seededRandom('content'),
} as const;
const method = (
  name: string,
  ...relationships: ('authentication' | 'assertionMethod' | 'capabilityDelegation')[]
) => ({
  fragment: name,
  key: publicKeyOf(name, 'ES256'),
  relationships,
});
const documentOf = (content: ReturnType<typeof contentOf>, did: string) =>
  JSON.parse(
    JSON.stringify(createDid({ ...base, ...content }).document).replaceAll(/did:mno:test:\w+/g, did),
  );

describe('contentOf', () => {
  test.each([
    ['nothing', { ledgerKeys: [], document: { verificationMethods: [] } }],
    [
      'everything',
      {
        ledgerKeys: [
          ['ledger-1', publicKeyOf('content/ledger')] as const,
          ['ledger-2', publicKeyOf('content/ledger-2')] as const,
        ],
        document: {
          verificationMethods: [
            method('key-1', 'authentication', 'assertionMethod'),
            method('key-2'),
            method('key-3', 'capabilityDelegation'),
          ],
          services: [{ fragment: 's', type: 'Any', serviceEndpoint: 'https://service.example/' }],
          alsoKnownAs: ['https://also.example/'],
        },
      },
    ],
  ])('makes the same document again from one with %s', (_, content) => {
    const { did, document } = createDid({ ...base, ...content });
    expect(documentOf(contentOf(document), did)).toEqual(document);
  });

  test('refuses a ledger key with another relationship rather than drop it', () => {
    const { document } = createDid({
      ...base,
      ledgerKeys: [['ledger-1', publicKeyOf('content/ledger')]],
      document: { verificationMethods: [] },
    });
    const both: DidDocument = { ...document, authentication: document.capabilityInvocation ?? [] };
    expect(() => contentOf(both)).toThrow(expect.objectContaining({ code: 'invalid_document' }));
  });
});
