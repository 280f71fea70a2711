import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROOF_FILES } from '../../../conformance/vectors/proof/proof-files.ts';

it.each([...PROOF_FILES])(
  'conformance/vectors/proof/%s comes out of its generator byte for byte',
  (name, content) => {
    const url = new URL(`../../../conformance/vectors/proof/${name}`, import.meta.url);
    expect(readFileSync(url, 'utf8')).toBe(content);
  },
);
