import { readdirSync, readFileSync } from 'node:fs';
import { credentialErrors } from '@attestel/credentials';
import { expect, test } from 'vitest';
import { readVectors } from './vectors.ts';

/** Text of all tests of this package but this one. */
const tests = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && name !== 'errors.test.ts')
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n');
const { reject } = readVectors<{ reject: { error: string }[] }>('reject.json');
const vcJwt = new URL('../../../conformance/vectors/vc-jwt/reject.json', import.meta.url);
const vcs = JSON.parse(readFileSync(vcJwt, 'utf8')) as { reject: { error: string }[] };
const refused = new Set([...reject, ...vcs.reject].map(({ error }) => error));

test.each(Object.keys(credentialErrors))('%s has a vector or a test', (code) => {
  expect(refused.has(code) || tests.includes(`'${code}'`)).toBe(true);
});
