import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPorts } from './harness/claim-ports.ts';
import { newDataDir, node } from './harness/demo.ts';
import { SOLO_PASSPHRASE, soloNode } from './harness/solo-node.ts';

const PORT_TAKEN = 4;
const [START_PAGE, SECOND_OPERATOR, BRIDGE, SHOP] = [0, 2, 10, 31];

let folder: string;
let other: Server;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-taken-'));
  // Takes connections and never answers.
  other = createServer((socket) => void socket.on('error', () => {}).resume());
});
afterEach(async () => {
  await new Promise((resolve) => other.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const take = (port: number): Promise<void> =>
  new Promise((resolve, reject) => other.once('error', reject).listen(port, '127.0.0.1', () => resolve()));

/** What a command that is expected to end printed, and how it ended. */
async function runs(
  args: readonly string[],
  dataDir: string,
  env = {},
): Promise<{ code: number; said: string }> {
  const child = node(args, dataDir, env);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number>((resolve) => void child.once('close', (c) => resolve(c ?? -1)));
  return { code, said };
}

describe('a start whose port another program has', () => {
  it.each([
    ['the start page', START_PAGE, PORT_TAKEN],
    ['an operator that follows the ledger', SECOND_OPERATOR, PORT_TAKEN],
    ['the bridge', BRIDGE, PORT_TAKEN],
    ['an app', SHOP, 1],
  ])('ends, names it, and leaves nothing running: %s', async (_, offset, exitCode) => {
    const base = await claimPorts(27_100);
    await take(base + offset);
    const dataDir = await newDataDir();
    const up = () => runs(['up', '--port', String(base), '--operators', '2', '--no-scenarios'], dataDir);
    // Twice: what the first start left behind, a process or a lock, would stop the second one earlier.
    for (const { code, said } of [await up(), await up()]) {
      expect(said).toContain(`:${base + offset}`);
      expect(code).toBe(exitCode);
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  it('ends: a member’s node', async () => {
    const solo = await soloNode(folder, 'solo');
    await runs(['node', 'found', '--config', solo.config, '--origin', 'ledger.example/solo'], folder, {
      ATTESTEL_PASSPHRASE: SOLO_PASSPHRASE,
    });
    await take(Number(new URL(solo.url).port));
    const start = () =>
      runs(['node', '--config', solo.config], folder, { ATTESTEL_PASSPHRASE: SOLO_PASSPHRASE });
    for (const { code, said } of [await start(), await start()]) {
      expect(said).toContain('[port_in_use]');
      expect(code).toBe(PORT_TAKEN);
    }
  });
});
