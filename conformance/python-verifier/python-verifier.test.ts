import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('verify.py', import.meta.url));
const VECTORS = fileURLToPath(new URL('../vectors/proof/', import.meta.url));

/** -B: no cache files in the working tree. */
const run = (python: string, ...args: string[]) => spawnSync(python, ['-B', ...args], { encoding: 'utf8' });
/** Debian's interpreter has Debian's module; another `python3` may stand before it in PATH. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => run(name, '-c', 'import cryptography').status === 0,
);
const missing = python === undefined && process.env.ATTESTEL_REQUIRE_ALL !== '1';
const title = 'the second implementation, in Python';

describe.skipIf(missing)(missing ? `${title} (skipped: python3-cryptography absent)` : title, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attestel-vectors-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const verify = (vectors: string) => {
    if (python === undefined) throw new Error('python3-cryptography is absent');
    return run(python, SCRIPT, vectors);
  };

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
