import { describe, expect, it } from 'vitest';
import { forbiddenImports } from './harness/bundle.ts';

const ENTRIES = [
  '@attestel/openid/wallet',
  '@attestel/credentials/holder',
  '@attestel/did/verify',
  '@attestel/pki/verify',
  '@attestel/registry/client',
];

describe('browser entries', () => {
  it('import nothing of Node and nothing native, however deep', async () => {
    const entries = Object.fromEntries(ENTRIES.map((name) => [`entry-${name}`, `export * from '${name}';`]));
    expect(await forbiddenImports(entries)).toEqual([]);
  }, 30_000);

  it('would be caught if they did', async () => {
    const planted = {
      'entry-direct': "import { readFileSync } from 'node:fs'; export { readFileSync };",
      'entry-deep': "export * from '@attestel/credentials';",
      'entry-bare': "import path from 'path'; export { path };",
    };
    const found = (await forbiddenImports(planted)).join('\n');
    expect(found).toContain('imports node:fs');
    expect(found).toContain('imports path');
    expect(found).toMatch(/credentials\/src\/.* imports node:crypto/);
  }, 30_000);
});
