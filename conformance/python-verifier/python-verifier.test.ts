import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, titled, VECTORS, verify } from './python.ts';

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

  test('fails on a file that it does not know, and on no vectors at all', () => {
    const other = mkdtempSync(join(folder, 'other-'));
    expect(verify(other).status).toBe(1);
    writeFileSync(join(other, 'news.json'), '{"cases":[]}');
    expect(verify(other).stdout).toContain('news.json: no runner');
  });
});
