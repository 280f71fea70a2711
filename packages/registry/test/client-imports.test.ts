import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url);

function importsOf(file: string, seen = new Set<string>()): Set<string> {
  const text = readFileSync(fileURLToPath(new URL(file, source)), 'utf8');
  for (const [, name = ''] of text.matchAll(/^import (?!type )[^;]*?from '([^']+)'/gm)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith('./')) importsOf(name.slice(2), seen);
  }
  return seen;
}

it('the client loads in browsers: only core and zod besides its own files', () => {
  const outside = [...importsOf('client.ts')].filter((name) => !name.startsWith('./'));
  expect(outside.sort()).toEqual(['@attestel/core', 'zod']);
});
