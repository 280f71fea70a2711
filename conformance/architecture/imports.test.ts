import { describe, expect, test } from 'vitest';
import { checkBrowserEntries } from './check-browser.ts';
import { checkLayers } from './check-layers.ts';
import { checkStateCode, stateFiles } from './check-state-code.ts';
import { parseImports } from './parse-imports.ts';
import { RULES } from './rules.ts';
import { type Package, readSourceTree, type SourceTree } from './source-tree.ts';

describe('this repository', () => {
  const tree = readSourceTree(new URL('../../', import.meta.url));

  test('imports only what the table of specs/architecture.md allows', () => {
    expect(checkLayers(tree, RULES)).toEqual([]);
  });

  test('every package of the table exists, and its imports are seen', () => {
    expect([...tree.keys()].sort()).toEqual(Object.keys(RULES.layers).sort());
    for (const pkg of tree.values()) {
      if (pkg.files.size < 2) continue; // nothing but an empty index yet
      expect([...pkg.files.values()].flatMap(parseImports).length, pkg.name).toBeGreaterThan(0);
    }
  });

  test('browser entries load nothing that only Node has', () => {
    expect(checkBrowserEntries(tree, RULES)).toEqual([]);
  });

  test('state-machine code is deterministic as far as a text shows it', () => {
    expect(checkStateCode(tree, RULES)).toEqual([]);
  });

  test.each(['did', 'ledger', 'registry', 'pki'])('the state code of %s is found', (name) => {
    expect(stateFiles(tree.get(name) as Package, RULES).size).toBeGreaterThan(2);
  });

  test('exemptions name files that exist', () => {
    for (const id of [...Object.keys(RULES.stateExemptions), ...Object.keys(RULES.computedImports)]) {
      const [name = '', ...path] = id.split('/');
      expect(tree.get(name)?.files.has(path.join('/')), id).toBe(true);
    }
  });
});

/** A package that does not exist, with one file unless told otherwise. */
function planted(name: string, files: Record<string, string>, more: Partial<Package> = {}): SourceTree {
  const pkg: Package = {
    name,
    dependencies: ['@attestel/core', 'zod'],
    entries: { '.': 'src/index.ts' },
    files: new Map(Object.entries({ 'src/index.ts': '', ...files })),
    ...more,
  };
  const core: Package = {
    name: 'core',
    dependencies: [],
    entries: { '.': 'src/index.ts' },
    files: new Map([['src/index.ts', '']]),
  };
  return new Map([
    ['core', core],
    [name, pkg],
  ]);
}

describe('a planted breach is found', () => {
  test.each([
    ['a package above', "import { createNode } from '@attestel/server';"],
    ['only a type of a package above', "import type { Node } from '@attestel/server';"],
    ['a re-export', "export { createNode } from '@attestel/server';"],
    ['a star re-export', "export * from '@attestel/server';"],
    ['a dynamic import', "const { createNode } = await import('@attestel/server');"],
    ['an import over several lines', "import {\n  createNode,\n  type Node,\n} from '@attestel/server';"],
    ['a side-effect import', "import '@attestel/server';"],
    ['an undeclared dependency', "import { pino } from 'pino';"],
    ['a builtin without its prefix', "import { readFileSync } from 'fs';"],
    ['a computed import', 'await import(name);'],
    ['a relative import out of the package', "import { x } from '../../core/src/bytes.ts';"],
    ['a relative import of the manifest', "import manifest from '../package.json' with { type: 'json' };"],
    ['a file that does not exist', "import { x } from './gone.ts';"],
    ['an entry that is not exported', "import { x } from '@attestel/core/src/bytes.ts';"],
    ['itself by name', "import { x } from '@attestel/did';"],
  ])('layers: %s', (_, text) => {
    expect(checkLayers(planted('did', { 'src/x.ts': text }), RULES)).toHaveLength(1);
  });

  test('layers: a dependency in package.json alone', () => {
    const tree = planted('keystore', {}, { dependencies: ['@attestel/ledger'] });
    expect(checkLayers(tree, RULES)).toEqual(['keystore/package.json: may not depend on @attestel/ledger']);
  });

  test('layers: a package that is not in the table', () => {
    expect(checkLayers(planted('utils', {}), RULES)).toEqual(['utils: package is not in the table']);
  });

  test('layers: the Node side of a package of which only a browser entry is allowed', () => {
    const more = { dependencies: ['@attestel/did'] };
    const importing = (specifier: string, kind = 'import') =>
      checkLayers(planted('web', { 'src/x.ts': `${kind} { x } from '${specifier}';` }, more), {
        ...RULES,
      }).filter((breach) => breach.includes('not allowed'));
    expect(importing('@attestel/did')).toHaveLength(1);
    expect(importing('@attestel/did/verify')).toEqual([]);
    expect(importing('@attestel/did', 'import type')).toEqual([]);
  });

  test.each([
    ["import { createHash } from 'node:crypto';"],
    ["import { open } from 'lmdb';"],
    ["import { type KeyObject } from 'node:crypto';"], // evaluated although only a type is named
    ['export const bytes = Buffer.from([1]);'],
    ['export const home = process.env.HOME;'],
  ])('browser: %s behind two files', (text) => {
    const tree = planted(
      'did',
      { 'src/verify/index.ts': "export { x } from './x.ts';", 'src/verify/x.ts': text },
      { entries: { '.': 'src/index.ts', './verify': 'src/verify/index.ts' } },
    );
    expect(checkBrowserEntries(tree, RULES)).toHaveLength(1);
  });

  test('browser: types are not loaded and may come from anywhere', () => {
    const text = "import type { KeyObject } from 'node:crypto';\nexport type { X } from 'lmdb';";
    const tree = planted('proof', { 'src/index.ts': text });
    expect(checkBrowserEntries(tree, RULES)).toEqual([]);
  });

  test('browser: an entry that is missing in a package that has code', () => {
    expect(checkBrowserEntries(planted('did', { 'src/x.ts': '' }), RULES)).toHaveLength(1);
    expect(checkBrowserEntries(planted('did', {}), RULES)).toEqual([]);
  });

  test.each([
    ['a clock', 'const now = Date.now();'],
    ['randomness', 'const x = Math.random();'],
    ['the global crypto', 'crypto.getRandomValues(x);'],
    ['a node import', "import { createHash } from 'node:crypto';"],
    ['a locale', 'keys.sort((a, b) => a.localeCompare(b));'],
    ['a float', 'const half = total * 0.5;'],
    ['a promise', 'export async function apply() {}'],
    ['a package that is not zod', "import { decode } from 'cborg';"],
  ])('state code: %s in a file that a module loads', (_, text) => {
    const module = "import { apply } from './apply.ts';\nexport const didModule: LedgerModule = { apply };";
    const tree = planted('did', { 'src/module.ts': module, 'src/apply.ts': text });
    expect(checkStateCode(tree, RULES)).toHaveLength(1);
  });

  test('state code: words in comments and strings are no breach', () => {
    const text = "// Date\n/** crypto */\nexport const m: LedgerModule = { name: 'Date', limit: 10_000 };";
    expect(checkStateCode(planted('did', { 'src/m.ts': text }), RULES)).toEqual([]);
  });
});
