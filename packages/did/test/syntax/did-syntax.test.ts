import { toBase58 } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { formatDid, isDid, parseDid } from '../../src/index.ts';
import { isAnyDid } from '../../src/syntax/did-syntax.ts';
import { digestOf } from '../fakes/seeded.ts';

const digest = digestOf('a did');
const did = formatDid('main', digest);
const testDid = formatDid('test', digest);
const scid = did.slice('did:mno:'.length);

describe('did:mno syntax (specs/did-mno.md §3)', () => {
  test('the main network has no label, every other one has', () => {
    expect(parseDid(did)).toMatchObject({ network: 'main', scid, digest });
    expect(parseDid(testDid)).toMatchObject({ network: 'test', scid, digest });
  });

  test.each([
    ['the main network spelled out', `did:mno:main:${scid}`],
    ['an upper-case method', did.replace('mno', 'MNO')],
    ['an upper-case scheme', did.replace('did', 'DID')],
    ['another method', did.replace('mno', 'web')],
    ['an upper-case network', `did:mno:Test:${scid}`],
    ['a network of 17 characters', `did:mno:${'a'.repeat(17)}:${scid}`],
    ['a network that starts with a digit', `did:mno:1a:${scid}`],
    ['an empty network', `did:mno::${scid}`],
    ['two networks', `did:mno:a:b:${scid}`],
    ['a trailing colon', `${did}:`],
    ['white space', ` ${did}`],
    ['a line feed at the end', `${did}\n`],
    ['a fragment', `${did}#key-1`],
    ['a path', `${did}/x`],
    ['a query', `${did}?versionId=1`],
    ['an encoded fragment', `${did}%23key-1`],
    ['an encoded colon', did.replace('did:mno:', 'did:mno%3A')],
    ['an encoded traversal', `did:mno:%2e%2e:${scid}`],
    ['a character outside base58', did.replace(/.$/, '0')],
    ['a character too few', did.slice(0, -1)],
    ['a character too many', `${did}a`],
    ['another multihash code', `did:mno:z${toBase58(Uint8Array.of(0x16, 0x20, ...digest))}`],
    ['a digest of 31 bytes', `did:mno:z${toBase58(Uint8Array.of(0x12, 0x1f, ...digest.slice(1)))}`],
    ['Qm with digits beyond the range', `did:mno:zQm${'z'.repeat(44)}`],
    ['a cyrillic letter', did.replace('did', 'd\u0456d')],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(isDid(text)).toBe(false);
    expect(() => parseDid(text)).toThrow(expect.objectContaining({ code: 'invalid_did' }));
  });

  test('the error does not repeat the input', () => {
    expect(() => parseDid('did:mno:+8613800138000')).toThrow(/^not a did:mno identifier$/);
  });

  test('tells a DID of another method from no DID', () => {
    expect(isAnyDid('did:web:example.com')).toBe(true);
    expect(isAnyDid('did:web:')).toBe(false);
    expect(isAnyDid('did:web:example.com#k')).toBe(false);
  });

  test('is not made from a bad network or digest', () => {
    expect(() => formatDid('Main', digest)).toThrow(TypeError);
    expect(() => formatDid('test', digest.slice(1))).toThrow(TypeError);
  });
});
