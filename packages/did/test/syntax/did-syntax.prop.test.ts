import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDid, formatVersionId, isDid, parseDid, parseDidUrl, parseVersionId } from '../../src/index.ts';

const digests = fc.uint8Array({ minLength: 32, maxLength: 32 });
const networks = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);

test('every network and digest has one DID, and it reads back', () => {
  fc.assert(
    fc.property(networks, digests, (network, digest) => {
      const did = formatDid(network, digest);
      expect(parseDid(did)).toMatchObject({ did, network, digest });
      expect(parseDidUrl(`${did}#key-1`)).toMatchObject({ did, fragment: 'key-1' });
    }),
  );
});

test('a DID with one character changed, added or taken away is no other spelling of it', () => {
  fc.assert(
    fc.property(
      digests,
      fc.nat({ max: 60 }),
      fc.constantFrom('change', 'insert', 'remove'),
      fc.string({ minLength: 1, maxLength: 1 }),
      (digest, at, how, character) => {
        const did = formatDid('test', digest);
        const rest = did.slice(how === 'insert' ? at : at + 1);
        const other = did.slice(0, at) + (how === 'remove' ? '' : character) + rest;
        if (other === did || !isDid(other)) return;
        const parsed = parseDid(other);
        expect(formatDid(parsed.network, parsed.digest)).toBe(other);
      },
    ),
  );
});

test('arbitrary text is refused or reads back exactly', () => {
  const almost = fc
    .tuple(fc.constantFrom('did:mno:', 'did:mno:test:', ''), fc.string())
    .map((p) => p.join(''));
  fc.assert(
    fc.property(almost, (text) => {
      if (isDid(text)) expect(formatDid(parseDid(text).network, parseDid(text).digest)).toBe(text);
    }),
  );
});

test('a versionId carries number and operation id', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), digests, (version, operationId) => {
      expect(parseVersionId(formatVersionId(version, operationId))).toEqual({ version, operationId });
    }),
  );
  for (const text of ['', '1', '0-zQm', '01-zQm', '-1-zQm', '1-QmX', `1-zQm${'1'.repeat(44)}`]) {
    expect(parseVersionId(text)).toBeUndefined();
  }
});
