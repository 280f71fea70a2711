import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofCrypto } from '@attestel/ledger';
import { parseVerifierKey } from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attestel } from './harness/attestel.ts';

let folder: string;
let config: string;
beforeEach(async () => {
  vi.stubEnv('ATTESTEL_PASSPHRASE', 'of this test');
  folder = await mkdtemp(join(tmpdir(), 'attestel-node-'));
  config = join(folder, 'node.json');
  await writeFile(
    config,
    JSON.stringify({
      instance: 'member',
      network: 'test',
      dataDir: folder,
      name: { 'zh-CN': '成员', en: 'Member' },
      http: { origin: 'http://127.0.0.1:4999', port: 0 },
      roles: { resolver: true },
    }),
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('attestel node', () => {
  it('prints the witness key for the policy, the same one each time', async () => {
    const run = () => attestel('node', 'witness', '--config', config, '--name', 'member.example', '--json');
    const [first, second] = [await run(), await run()];
    expect(first).toMatchObject({ code: 0 });
    expect(second.out).toBe(first.out);
    const { witness } = JSON.parse(first.out);
    expect(parseVerifierKey(witness, proofCrypto.sha256)).toMatchObject({
      name: 'member.example',
      type: 'cosignature',
    });
  });

  it('says what its configuration lacks', async () => {
    expect(await attestel('node')).toMatchObject({ code: 2 });
    const { code, err } = await attestel('node', '--config', config);
    expect([code, err]).toEqual([2, expect.stringContaining('ledger.follow')]);
    expect((await attestel('node', '--config', join(folder, 'none.json'))).err).toContain('--config');
    expect((await attestel('node', 'witness', '--config', config, '--name', 'a b')).err).toContain('--name');
  });

  it('makes the engine’s keys once and prints what the other validators need of them', async () => {
    const run = () => attestel('node', 'engine', '--config', config, '--json');
    const [first, second] = [await run(), await run()];
    expect(second.out).toBe(first.out);
    const { nodeId, consensusKey } = JSON.parse(first.out);
    expect([nodeId, consensusKey]).toEqual([
      expect.stringMatching(/^[0-9a-f]{40}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it('starts under no other driver than the file sets up', async () => {
    const start = (driver: string) => attestel('node', '--driver', driver, '--config', config);
    expect(await start('cometbft')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ledger.cometbft'),
    });
    expect((await start('raft')).err).toContain('one of cometbft, follow');
  });

  it('opens keys with no passphrase but the operator’s', async () => {
    vi.stubEnv('ATTESTEL_PASSPHRASE', undefined);
    expect((await attestel('node', '--config', config)).err).toContain('ATTESTEL_PASSPHRASE');
  });
});
