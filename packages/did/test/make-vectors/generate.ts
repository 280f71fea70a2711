// Writes conformance/vectors/did-mno: `node --conditions=source packages/did/test/make-vectors/generate.ts`.
// Signed formats do not change, so a difference in what is committed is an error, not an update.
import { mkdirSync, writeFileSync } from 'node:fs';
import { allVectors, VECTOR_FOLDER } from './all-vectors.ts';

mkdirSync(VECTOR_FOLDER, { recursive: true });
for (const [name, content] of Object.entries(await allVectors())) {
  writeFileSync(new URL(name, VECTOR_FOLDER), content);
}
