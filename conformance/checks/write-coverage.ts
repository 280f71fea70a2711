import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { coverageTable } from './coverage.ts';

const root = resolve(import.meta.dirname, '../..');
writeFileSync(join(root, 'conformance/coverage.md'), coverageTable(root));
