import { join } from 'node:path';
import { fromUtf8 } from '@attestel/core';
import { findEngine } from '@attestel/ledger';
import type { CometConfig } from '../config.schema.ts';
import { type ConfiguredPolicy, readConfiguredFile, readPolicyFiles } from './configured-files.ts';
import type { LedgerPorts } from './ledger-ports.ts';
import { openValidator, type ValidatorLedger } from './open-validator.ts';
import { ensureWitnessSigner, witnessIn } from './witness-key.ts';

export interface CometPorts extends LedgerPorts {
  readonly instance: string;
  readonly dataDir: string;
  /** Told what happens while the engine is built. */
  readonly progress: (line: string) => void;
}

/** Home of a party's engine. */
export const engineHome = (dataDir: string): string => join(dataDir, 'engine');

/**
 * A member's own validator, as its configuration says.
 * @throws AppError file_unreadable, config_invalid, witness_unknown, engine_missing; what openValidator throws
 */
export async function openComet(
  config: CometConfig,
  { instance, dataDir, party, progress, ...ports }: CometPorts,
): Promise<ConfiguredPolicy & { readonly ledger: ValidatorLedger }> {
  const setting = (name: keyof CometConfig): string => `ledger.cometbft.${name}`;
  const configured = await readPolicyFiles(config, 'ledger.cometbft');
  const { policy } = configured;
  const genesis = await readConfiguredFile(config.genesisFile, setting('genesisFile'));
  const signer = await ensureWitnessSigner(party.keyStore);
  const { snapshotEveryBlocks: everyBlocks, peers, ...engine } = config;
  const ledger = await openValidator({
    ...{ ...ports, ...engine, policy, peers },
    moniker: instance,
    home: engineHome(dataDir),
    genesis: fromUtf8(genesis),
    witness: witnessIn(policy, signer, ports.clock, setting('policyFile')),
    snapshots:
      everyBlocks === 0
        ? undefined
        : { folder: join(dataDir, 'snapshots'), everyBlocks, storePath: join(dataDir, 'ledger') },
    binary: await findEngine({ onProgress: progress }),
  });
  return { ...configured, ledger };
}
