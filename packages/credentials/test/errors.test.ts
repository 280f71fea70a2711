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
const refused = new Set(reject.map(({ error }) => error));

test.each(Object.keys(credentialErrors))('%s has a vector or a test', (code) => {
  expect(refused.has(code) || tests.includes(`'${code}'`)).toBe(true);
});
