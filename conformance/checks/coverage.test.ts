import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { coverageTable } from './coverage.ts';

const root = resolve(import.meta.dirname, '../..');

it('the table of checks says what the tests say', () => {
  expect(readFileSync(join(root, 'conformance/coverage.md'), 'utf8')).toBe(coverageTable(root));
});
