import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian has it. */
export const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so';
export const PIN = '4711-user';

const isCompiled = async (): Promise<boolean> => {
  try {
    await import('pkcs11js');
    return true;
  } catch {
    return false;
  }
};

/** Why there are no tokens here; undefined where there are. Under ATTESTEL_REQUIRE_ALL there must be. */
export const noTokens: string | undefined =
  process.env.ATTESTEL_REQUIRE_ALL === '1' || (existsSync(SOFTHSM) && (await isCompiled()))
    ? undefined
    : 'skipped: no softhsm2, or pkcs11js is not compiled';

export interface SoftTokens {
  /** A new token of this label. Before the library is loaded: it does not see those that come later. */
  make(label: string): void;
  /** OpenSC's tool, which is not ours. */
  tool(label: string, ...args: readonly string[]): string;
}

/** Tokens of SoftHSM in a folder, for this process and those that it starts. */
export function softTokensIn(folder: string): SoftTokens {
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  const config = join(folder, 'softhsm2.conf');
  writeFileSync(config, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env.SOFTHSM2_CONF = config;
  const run = (program: string, args: readonly string[]): string =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    make: (label) =>
      void run('softhsm2-util', [
        ...['--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '4711-officer'],
      ]),
    tool: (label, ...args) =>
      run('pkcs11-tool', ['--module', SOFTHSM, '--token-label', label, '--login', '--pin', PIN, ...args]),
  };
}
