import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const client = new URL('../src/client.ts', import.meta.url);

function importsOf(file: URL, seen = new Set<string>()): Set<string> {
  const text = readFileSync(fileURLToPath(file), 'utf8');
  for (const [, name = ''] of text.matchAll(/^import (?!type )[^;]*?from '([^']+)'/gm)) {
    const isOwn = name.startsWith('.');
    const id = isOwn ? new URL(name, file).href : name;
    if (seen.has(id)) continue;
    seen.add(id);
    if (isOwn) importsOf(new URL(name, file), seen);
  }
  return seen;
}

it('the client loads in browsers: only what browsers have besides its own files', () => {
  const outside = [...importsOf(client)].filter((name) => !name.startsWith('file:'));
  expect(outside.sort()).toEqual(['@attestel/core', '@attestel/did/state', '@attestel/did/verify', 'zod']);
});
