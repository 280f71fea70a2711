import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROWS } from './rows.ts';

const TESTS = /\.test\.tsx?$/;

/** Files, from the root, whose tests name each id in brackets in a title. */
export function testsById(root: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test`);
  for (const folder of [...packages, 'conformance']) {
    for (const file of filesIn(join(root, folder))) {
      const path = `${folder}/${file}`;
      for (const id of idsIn(readFileSync(join(root, path), 'utf8'))) {
        found.set(id, [...(found.get(id) ?? []), path]);
      }
    }
  }
  return found;
}

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => TESTS.test(name))
      .sort();
  } catch {
    return []; // a package without tests of its own
  }
};

/** Ids stand at an end of a title, alone or several: `… [E2]`, `[R6] …`, `… [C4, C5]`. */
const AT_END = /\[([CERD]\d{1,2}(?:, [CERD]\d{1,2})*)\](?=['"`])/g;
const AT_START = /(?<=['"`])\[([CERD]\d{1,2}(?:, [CERD]\d{1,2})*)\] /g;

const idsIn = (source: string): ReadonlySet<string> =>
  new Set(
    [AT_END, AT_START].flatMap((form) =>
      [...source.matchAll(form)].flatMap(([, ids = '']) => ids.split(', ')),
    ),
  );

/** The table of `conformance/coverage.md`. */
export function coverageTable(root: string): string {
  const tests = testsById(root);
  const rows = ROWS.map(({ id, says }) => {
    const files = tests.get(id) ?? [];
    const links = files.map((file) => `[${file.split('/').at(-1)}](../${file})`).join('<br>');
    return `| ${id} | ${says} | ${links || '–'} | ${files.length > 0 ? 'tested' : 'open'} |`;
  });
  const open = ROWS.filter(({ id }) => !tests.has(id)).length;
  return [
    '# Checks of the scenarios',
    '',
    'Made by `node --conditions=source conformance/checks/write-coverage.ts`; a test compares it. C core, E equipment,',
    `R roaming, D data. ${ROWS.length - open} of ${ROWS.length} have a test that names them.`,
    '',
    '| id | check | tests | state |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
