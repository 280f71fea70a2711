import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, toBase64 } from '@attestel/core';

/** Whether to skip; under ATTESTEL_REQUIRE_ALL the tests run, and fail. */
export const opensslMissing =
  spawnSync('openssl', ['version']).status !== 0 && process.env.ATTESTEL_REQUIRE_ALL !== '1';

const pem = (der: Bytes): string =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(der).replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;

export interface OpensslAnswer {
  readonly accepts: boolean;
  readonly says: string;
}

export interface Openssl {
  verify(
    leaf: Bytes,
    intermediates: readonly Bytes[],
    root: Bytes,
    more?: readonly string[],
    strict?: boolean,
  ): OpensslAnswer;
  close(): void;
}

/** `openssl verify` on files in a folder of its own. @param at unix seconds */
export function createOpenssl(at: number): Openssl {
  const folder = mkdtempSync(join(tmpdir(), 'attestel-verify-'));
  const write = (name: string, certificates: readonly Bytes[]): string => {
    const path = join(folder, name);
    writeFileSync(path, certificates.map(pem).join(''));
    return path;
  };
  return {
    verify(leaf, intermediates, root, more = [], strict = true) {
      const args = ['verify', ...(strict ? ['-x509_strict'] : []), '-attime', String(at), ...more];
      args.push('-CAfile', write('root.pem', [root]));
      if (intermediates.length > 0) args.push('-untrusted', write('untrusted.pem', intermediates));
      const { status, stdout, stderr } = spawnSync('openssl', [...args, write('leaf.pem', [leaf])], {
        encoding: 'utf8',
      });
      return { accepts: status === 0, says: `${stdout}${stderr}` };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
