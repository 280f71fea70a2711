import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { modulePages, PAGES_FOLDER } from './module-pages.ts';

const folder = join(resolve(import.meta.dirname, '../..'), PAGES_FOLDER);
const pages = modulePages();

it('there is a page for each module and language, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
});

it.each([...pages])('%s says what the module declares', (name, text) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
});
