import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  formatEngineGenesis,
  writeEngineConfig,
  writeEngineGenesis,
} from '../../../../src/drivers/cometbft/engine/engine-home.ts';
import { addressOf, ensureEngineKeys } from '../../../../src/drivers/cometbft/engine/engine-keys.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'engine-home-'));
});
afterEach(() => rm(home, { recursive: true }));
const text = (...path: string[]): Promise<string> => readFile(join(home, ...path), 'utf8');

describe('keys of an engine', () => {
  it('are made once, for the owner alone', async () => {
    const first = await ensureEngineKeys(home);
    expect(first.nodeId).toMatch(/^[0-9a-f]{40}$/);
    expect(first.consensusKey).toHaveLength(32);
    for (const file of [
      'config/node_key.json',
      'config/priv_validator_key.json',
      'data/priv_validator_state.json',
    ]) {
      expect((await stat(join(home, file))).mode & 0o077).toBe(0);
    }
    const again = await ensureEngineKeys(home);
    expect([again.nodeId, toHex(again.consensusKey)]).toEqual([first.nodeId, toHex(first.consensusKey)]);
    const { address } = JSON.parse(await text('config', 'priv_validator_key.json'));
    expect(address).toBe(addressOf(first.consensusKey));
  });

  it('never forget what was voted for', async () => {
    await ensureEngineKeys(home);
    const file = join(home, 'data', 'priv_validator_state.json');
    await writeFile(file, '{"height":"7","round":0,"step":3}');
    await ensureEngineKeys(home);
    expect(await readFile(file, 'utf8')).toContain('"7"');
  });

  it('are whole or not there when the machine dies while they are written', async () => {
    await ensureEngineKeys(home);
    expect((await readdir(join(home, 'config'))).sort()).toEqual([
      'node_key.json',
      'priv_validator_key.json',
    ]);
    // What such a death leaves behind is no key.
    await writeFile(join(home, 'config', 'node_key.json.4711.new'), '{"priv');
    await ensureEngineKeys(home);
  });

  it('in a damaged file are not told in the error', async () => {
    await ensureEngineKeys(home);
    const file = join(home, 'config', 'priv_validator_key.json');
    await writeFile(file, '{"priv_key":{"type":"other","value":"c2VjcmV0"}');
    const error = await ensureEngineKeys(home).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'engine_home_invalid', cause: undefined });
    expect(JSON.stringify(error)).not.toContain('c2VjcmV0');
  });
});

describe('a home', () => {
  const genesis = formatEngineGenesis({
    chainId: 'net-1',
    timeMs: 1_700_000_000_123,
    validators: [{ name: 'a', publicKey: new Uint8Array(32).fill(1), power: 3 }],
    ledger: { network: 'test', origin: 'ledger.example/test', operations: [] },
  });

  it('takes the genesis of one network, and no other after that', async () => {
    await ensureEngineKeys(home);
    await writeEngineGenesis(home, genesis);
    await writeEngineGenesis(home, genesis);
    await expect(writeEngineGenesis(home, genesis.replace('net-1', 'net-2'))).rejects.toMatchObject({
      code: 'engine_home_invalid',
    });
    const { genesis_time, validators, app_state } = JSON.parse(await text('config', 'genesis.json'));
    expect(genesis_time).toBe('2023-11-14T22:13:20.123Z');
    expect(validators[0]).toMatchObject({ power: '3', name: 'a' });
    expect(app_state).toEqual({ format: 1, network: 'test', origin: 'ledger.example/test', operations: [] });
  });

  it('is configured without empty blocks and without peers nobody named; text is quoted', async () => {
    await ensureEngineKeys(home);
    await writeEngineConfig(home, {
      moniker: 'a "quoted" name\n[rpc]',
      socketPath: '/run/a/app.sock',
      p2pAddress: '127.0.0.1:1',
      rpcAddress: '127.0.0.1:2',
      peers: [{ nodeId: 'ab'.repeat(20), address: '127.0.0.1:3' }],
    });
    const lines = (await text('config', 'config.toml')).split('\n');
    expect(lines).toContain('create_empty_blocks = false');
    expect(lines).toContain('pex = false');
    expect(lines.indexOf('filter_peers = true')).toBeLessThan(lines.indexOf('[rpc]'));
    expect(lines).toContain('filter_peers = true');
    expect(lines).toContain('moniker = "a \\"quoted\\" name\\n[rpc]"');
    expect(lines.filter((line) => line === '[rpc]')).toHaveLength(1);
    expect(lines).toContain(`persistent_peers = "${'ab'.repeat(20)}@127.0.0.1:3"`);
  });
});
