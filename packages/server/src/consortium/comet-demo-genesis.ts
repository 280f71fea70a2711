import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, utf8 } from '@attestel/core';
import { type EngineIdentity, ensureEngineKeys, formatEngineGenesis } from '@attestel/ledger';
import { engineHome } from '../node/open-comet.ts';
import type { ValidatorPeer } from '../node/open-validator.ts';
import { writeFileDurably } from '../node/write-file-durably.ts';
import { demoOrigin, ENGINE_GENESIS_FILE } from './demo-constants.ts';
import { DEMO_PLATFORM } from './parties.ts';
import { ensureGenesis, type Provisioned } from './provision.ts';
import type { World } from './world.ts';

const POWER = 10;

export interface DemoValidator {
  readonly who: Provisioned;
  readonly home: string;
  readonly identity: EngineIdentity;
  readonly p2pAddress: string;
  readonly rpcAddress: string;
  /** Where its node serves the ledger. */
  readonly url: string;
}

/** The operators and the platform, with the keys of their engines, which are made once. */
export function describeValidators(
  world: World,
  founders: readonly Provisioned[],
): Promise<readonly DemoValidator[]> {
  const { options, ports, urls } = world;
  const parties = founders.filter((f) => f.roles.includes('operator') || f.id === DEMO_PLATFORM.id);
  const describe = async (who: Provisioned, index: number): Promise<DemoValidator> => {
    const home = engineHome(join(options.dataDir, who.id));
    const operator = world.operators.findIndex(({ id }) => id === who.id);
    return {
      who,
      home,
      identity: await ensureEngineKeys(home),
      p2pAddress: `127.0.0.1:${ports.engines + 2 * index}`,
      rpcAddress: `127.0.0.1:${ports.engines + 2 * index + 1}`,
      url: urls.operators[operator] ?? urls.wallet,
    };
  };
  return Promise.all(parties.map(describe));
}

export const toPeer = ({ identity, p2pAddress, url }: DemoValidator): ValidatorPeer => ({
  nodeId: identity.nodeId,
  address: p2pAddress,
  url,
});

/** Made once and read back ever after: it must stay the same, byte for byte. */
export async function ensureEngineGenesis(
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
  validators: readonly DemoValidator[],
): Promise<string> {
  const { dataDir } = world.options;
  const file = join(dataDir, ENGINE_GENESIS_FILE);
  const there = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error; // a file that cannot be read is not a file that is not there
  });
  if (there !== undefined) return there;
  const set = validators.map(({ who, identity }) => ({ who, key: identity.consensusKey, power: POWER }));
  const operations = await ensureGenesis(dataDir, founders, [root], world, set);
  const text = formatEngineGenesis({
    chainId: `attestel-${world.network}`,
    timeMs: world.clock.now(),
    validators: [],
    ledger: { network: world.network, origin: demoOrigin(world.network), operations },
  });
  await writeFileDurably(file, utf8(text));
  return text;
}
