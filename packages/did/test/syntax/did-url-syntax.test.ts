import { describe, expect, test } from 'vitest';
import { formatDid, parseDidUrl } from '../../src/index.ts';
import { digestOf } from '../fakes/seeded.ts';

const did = formatDid('test', digestOf('a did url'));

describe('DID URLs (DID 1.1 §3.2)', () => {
  test('parts are taken apart', () => {
    const url = parseDidUrl(`${did}/a/b?versionId=1&x=a%20b#key-1`);
    expect(url).toMatchObject({ did, network: 'test', path: '/a/b', fragment: 'key-1' });
    expect([...url.parameters]).toEqual([
      ['versionId', '1'],
      ['x', 'a b'],
    ]);
  });

  test('a bare DID is a DID URL without parts', () => {
    const url = parseDidUrl(did);
    expect(url).toMatchObject({ did, path: '' });
    expect(url.parameters.size).toBe(0);
    expect(url).not.toHaveProperty('fragment');
  });

  test.each([
    ['a repeated parameter', `${did}?versionId=1&versionId=2`],
    ['a repeated parameter, once encoded', `${did}?versionId=1&version%49d=2`],
    ['a parameter without name', `${did}?=1`],
    ['an empty parameter', `${did}?a=1&&b=2`],
    ['malformed UTF-8', `${did}?a=%FF`],
    ['a broken escape', `${did}?a=%2`],
    ['an encoded fragment in the identifier', `${did}%23key-1`],
    ['an encoded path in the identifier', `${did}%2F..#key-1`],
    ['two fragments', `${did}#a#b`],
    ['white space', `${did}#key 1`],
    ['a line feed', `${did}#key-1\n`],
    ['another method', 'did:web:example.com#key-1'],
    ['more than 2048 characters', `${did}#${'a'.repeat(2048)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseDidUrl(text)).toThrow(expect.objectContaining({ code: 'invalid_did_url' }));
  });
});
