import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { vectorFolder } from './vectors.ts';

test('every vector file of core is known, so that none is skipped silently', () => {
  expect(readdirSync(vectorFolder).sort()).toEqual([
    'cbor-rejected.json',
    'encodings.json',
    'multikey.json',
    'rfc8785.json',
    'rfc8949-appendix-a.json',
  ]);
});
