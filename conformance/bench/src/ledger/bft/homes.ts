import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ensureEngineKeys,
  formatEngineGenesis,
  type Operation,
  writeEngineConfig,
  writeEngineGenesis,
} from '@attestel/ledger';
import { freePort } from '../../free-port.ts';
import { NETWORK } from '../record-module.ts';
import { BFT_ORIGIN } from './protocol.ts';

/** Files of one validator, and where its engine answers. */
export interface Home {
  readonly folder: string;
  /** The engine's. */
  readonly home: string;
  readonly rpcUrl: string;
  /** Node ids of the other engines. */
  readonly peers: readonly string[];
}

/** Homes of a network on the loopback interface, as `attestel` writes them. */
export async function makeHomes(
  folder: string,
  count: number,
  genesis: readonly Operation[],
): Promise<readonly Home[]> {
  const homes: (Omit<Home, 'peers'> & { readonly ports: readonly [number, number] })[] = [];
  for (let i = 0; i < count; i++) {
    const own = join(folder, String(i));
    await mkdir(own, { mode: 0o700 });
    const ports = [await freePort(), await freePort()] as const;
    homes.push({ folder: own, home: join(own, 'engine'), rpcUrl: `http://127.0.0.1:${ports[1]}`, ports });
  }
  const identities = await Promise.all(homes.map(({ home }) => ensureEngineKeys(home)));
  const text = formatEngineGenesis({
    chainId: 'attestel-bench',
    timeMs: Date.now(),
    validators: identities.map(({ consensusKey }, i) => ({
      name: `v${i}`,
      publicKey: consensusKey,
      power: 10,
    })),
    ledger: { network: NETWORK, origin: BFT_ORIGIN, operations: genesis },
  });
  const peers = identities.map(({ nodeId }, i) => ({ nodeId, address: `127.0.0.1:${homes[i]?.ports[0]}` }));
  for (const [i, { home, folder: own, ports }] of homes.entries()) {
    await writeEngineGenesis(home, text);
    await writeEngineConfig(home, {
      moniker: `v${i}`,
      socketPath: join(own, 'app.sock'),
      p2pAddress: `127.0.0.1:${ports[0]}`,
      rpcAddress: `127.0.0.1:${ports[1]}`,
      peers: peers.filter((_, other) => other !== i),
    });
  }
  return homes.map((home, i) => ({
    ...home,
    peers: identities.filter((_, other) => other !== i).map(({ nodeId }) => nodeId),
  }));
}

/** The engine's blocks and votes are gone; keys, genesis and settings stay. For a network that begins again as a whole. */
export async function forgetBlocks({ home }: Home): Promise<void> {
  await rm(join(home, 'data'), { recursive: true });
  await ensureEngineKeys(home);
}
