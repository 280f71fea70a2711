import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@attestel/core';
import { formatDid } from '@attestel/did';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_LEDGER } from '../../src/consortium/demo-constants.ts';
import { demoNetwork } from '../../src/consortium/demo-network.ts';
import { describeWorld } from '../../src/consortium/world.ts';
import { writeIdentity } from '../../src/node/identity-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-network-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function identify(network: string): Promise<void> {
  const home = join(folder, DEMO_LEDGER.sequencer);
  await mkdir(home);
  const did = formatDid(network, new Uint8Array(32));
  const keys = { kid: `${did}#key-1`, assertionKey: 'a', ledgerKey: 'l' };
  await writeIdentity(home, { did, ...keys, createOperation: new Uint8Array(), certificates: [] });
}

describe('network label of the demo', () => {
  it('is another one in every data folder, so that no operation counts on two ledgers', async () => {
    const first = await demoNetwork(folder, systemRandom);
    expect(first).toMatch(/^demo-[0-9a-f]{8}$/);
    expect(await demoNetwork(folder, systemRandom)).not.toBe(first);
  });

  it('stays what the DIDs and the genesis of the folder were made with', async () => {
    await identify('demo-01234567');
    expect(await demoNetwork(folder, systemRandom)).toBe('demo-01234567');
  });

  it('is that of the party which gets its DID first', () => {
    for (const operators of [1, 2, 3]) {
      const world = describeWorld({ dataDir: folder, basePort: 4100, operators }, 'demo-01234567', undefined);
      expect(world.founders[0]?.id).toBe(DEMO_LEDGER.sequencer);
      expect(world.network).toBe('demo-01234567');
    }
  });
});
