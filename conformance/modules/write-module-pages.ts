import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modulePages, PAGES_FOLDER } from './module-pages.ts';

const folder = join(resolve(import.meta.dirname, '../..'), PAGES_FOLDER);
const pages = modulePages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
