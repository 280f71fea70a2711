import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../ledger/test/fixtures/engine-for-tests.ts';
import { claimPorts } from './harness/claim-ports.ts';

const GUIDE = fileURLToPath(new URL('../../../specs/guide-solo-to-four.md', import.meta.url));
const BIN = fileURLToPath(new URL('../../../tools/bin', import.meta.url));
/** More than it takes on two busy cores. */
const PATIENCE_MS = 300_000;

const hasEngine = (await engineForTests()) !== undefined;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe.skipIf(!hasEngine)(`the guide from solo to four (${hasEngine ? 'real engine' : NO_ENGINE})`, () => {
  it('leads there with its commands as they are written', { timeout: PATIENCE_MS }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guide-'));
    folders.push(folder);
    const base = await claimPorts(18_000);
    const { code, output } = await runScript(await commandsOf(GUIDE), folder, base);
    expect(code, output).toBe(0);
    expect(output).toContain('Proven by the witnesses of the policy.');
    expect(output).toContain('A quorum of the policy stood by it');
    // The engines end with their nodes.
    for (const member of ['zhonglian', 'platform', 'tower', 'regulator'])
      await expect(readFile(join(folder, 'data', member, 'engine', 'engine.pid'))).rejects.toThrow('ENOENT');
  });
});

/** The blocks of commands, in their order. */
async function commandsOf(path: string): Promise<string> {
  const blocks = [...(await readFile(path, 'utf8')).matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, text]) => text,
  );
  expect(blocks.length).toBeGreaterThan(8);
  return blocks.join('\n');
}

/** In a shell of its own that stops at the first command that fails; whatever it started ends with it. */
async function runScript(script: string, folder: string, base: number) {
  const { INIT_CWD: _, ...env } = process.env;
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', `set -x\n${script}`], {
    cwd: folder,
    detached: true,
    env: { ...env, PATH: `${BIN}:${env.PATH}`, BASE: String(base) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  shell.stdout.on('data', (chunk) => (output += chunk));
  shell.stderr.on('data', (chunk) => (output += chunk));
  const killGroup = (): void => {
    try {
      process.kill(-(shell.pid as number), 'SIGKILL');
    } catch {
      // all of it has ended
    }
  };
  const patience = setTimeout(killGroup, PATIENCE_MS - 10_000);
  const code = await new Promise<number | null>((resolve) => void shell.once('exit', resolve));
  clearTimeout(patience);
  killGroup();
  return { code, output };
}
