import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../examples/slice-peers/src/main.ts', import.meta.url));
const UNTRUSTED = /refused tls_untrusted: .*\(trust list version (\d+)\)/;

function hasOpenssl(): boolean {
  if (process.env.ATTESTEL_REQUIRE_ALL === '1') return true;
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('slice peers', () => {
  test('are refused before a relation, let in during it, cut when suspended, and refused after it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', main], {
      env: { PATH: process.env.PATH },
      timeout: 150_000,
    });
    const lines = stdout.trim().split('\n');
    const said = (when: string, by: string): string =>
      lines.find((line) => line.startsWith(`${when.padEnd(10)} ${by.padEnd(8)} `))?.slice(20) ?? '';

    const versions = ['before', 'after'].map((when) => Number(UNTRUSTED.exec(said(when, 'node'))?.[1]));
    expect(versions[1]).toBeGreaterThan(versions[0] as number);
    expect(said('during', 'node')).toBe('heard hello smf1.mnc001.mcc460.3gppnetwork.org');
    expect(said('suspended', 'node')).toMatch(/^cut smf1\.mnc001\S*: certificate_suspended: /);
    if (!hasOpenssl()) return;
    for (const when of ['before', 'after']) expect(said(when, 'openssl')).toMatch(/^verify error/);
    expect(said('during', 'openssl')).toBe('hello smf1.mnc001.mcc460.3gppnetwork.org');
  }, 180_000);
});
