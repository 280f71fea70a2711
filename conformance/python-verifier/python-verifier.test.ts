import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTlogProof } from '@attestel/proof';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';
import { missing, titled, VECTORS, verify, verifySignatureVectors } from './python.ts';

interface VectorFile {
  readonly cases: readonly { readonly name: string; readonly proof: string }[];
}

describe.skipIf(missing)(titled('the second implementation, in Python'), () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attestel-vectors-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('ends every vector of conformance/vectors/proof as it says, with the same code', () => {
    const { status, stdout, stderr } = verify(VECTORS);
    expect(stderr).toBe('');
    expect(stdout).toContain(' 0 failures');
    expect(status).toBe(0);
  });

  test('takes and refuses the signatures of conformance/vectors/signatures as they say', () => {
    const { status, stdout, stderr } = verifySignatureVectors();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\d+ cases, 0 failures\n$/);
    expect(status).toBe(0);
  });

  test.each([
    [
      'a forged outcome',
      (text: string) => text.replace('"expect": "accepted"', '"expect": "quorum_not_met"'),
    ],
    ['a forged result', (text: string) => text.replace('"size": 1000003', '"size": 1000004')],
  ])('fails on %s', (_, change) => {
    const copy = join(folder, 'vectors');
    cpSync(VECTORS, copy, { recursive: true });
    const name = join(copy, 'cosigned.json');
    writeFileSync(name, change(readFileSync(name, 'utf8')));
    const { status, stdout } = verify(copy);
    expect(stdout).toContain('1 failures');
    expect(status).toBe(1);
  });

  test.each([
    [2 ** 19, 'accepted'],
    [2 ** 19 + 4, 'tlog_proof_malformed'],
  ])('ends tlog proofs of %i characters as the specification bounds them', async (length, expected) => {
    const file = JSON.parse(readFileSync(join(VECTORS, 'tlog-proof.json'), 'utf8')) as VectorFile;
    const short = file.cases.find(({ name }) => name === 'with extra data');
    const filled = (bytes: number): string => short?.proof.replace('YW55', 'A'.repeat(bytes)) ?? '';
    const proof = filled(length - filled(0).length);
    expect(proof).toHaveLength(length);
    const long = mkdtempSync(join(folder, 'long-'));
    const cases = [{ ...short, proof, expect: expected }];
    writeFileSync(join(long, 'tlog-proof.json'), JSON.stringify({ ...file, cases }));
    expect(verify(long).stdout).toContain('1 cases, 0 failures');
    expect(await outcomeOf(() => parseTlogProof(proof))).toBe(expected);
  });

  test('fails on a file that it does not know, and on no vectors at all', () => {
    const other = mkdtempSync(join(folder, 'other-'));
    expect(verify(other).status).toBe(1);
    writeFileSync(join(other, 'news.json'), '{"cases":[]}');
    expect(verify(other).stdout).toContain('news.json: no runner');
  });
});
