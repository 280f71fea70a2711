import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RULES } from './rules.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const documents = globSync(
  ['README.md', '.github/*.md', 'specs/**/*.md', 'packages/*/README.md', 'examples/*/README.md'],
  { cwd: fileURLToPath(ROOT) },
).map((path) => path.replaceAll('\\', '/'));

describe('documents', () => {
  test.each(documents)('every relative link of %s leads somewhere', (path) => {
    const links = Array.from(
      read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g),
      (m) => m[1] as string,
    );
    const dead = links.filter((link) => !existsSync(new URL(link, new URL(path, ROOT))));
    expect(dead).toEqual([]);
  });

  test('README stays within 150 lines, READMEs of packages within 60', () => {
    const length = (path: string): number => read(path).split('\n').length - 1;
    expect(length('README.md')).toBeLessThanOrEqual(150);
    const long = documents.filter((path) => path.startsWith('packages/') && length(path) > 60);
    expect(long).toEqual([]);
  });

  test('every decision is in the index, under its own title', () => {
    const index = read('specs/decisions/README.md');
    for (const file of readdirSync(new URL('specs/decisions/', ROOT))) {
      if (file === 'README.md') continue;
      const title = /^# \d{4} (.+)$/m.exec(read(`specs/decisions/${file}`))?.[1];
      expect(index).toContain(`[${file.slice(0, 4)}](${file}) | ${title} |`);
    }
  });

  test('the package table of specs/architecture.md is the one that is enforced', () => {
    const rows = Array.from(
      read('specs/architecture.md').matchAll(/^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$/gm),
      ([, name = '', cell = '']) => [name, cell.trim()] as const,
    );
    expect(rows.map(([name]) => name)).toEqual(Object.keys(RULES.layers));
    for (const [name, cell] of rows) {
      const allowed = RULES.layers[name] as readonly string[];
      if (cell === 'all above' || cell === 'browser entries only') continue;
      expect(cell === '–' ? [] : cell.split(', ').sort(), name).toEqual([...allowed].sort());
    }
  });
});
