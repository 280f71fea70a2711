import { isAppError, systemClock, unixSeconds } from '@attestel/core';
import { decodeOperation, findEngine } from '@attestel/ledger';
import { measureRegistryWrites } from '../../peers/registry-writes.ts';
import { createTemporaryFolder } from '../../temporary-folder.ts';
import { encodedOperations } from '../operations.ts';
import { makeHomes } from './homes.ts';
import { measureKvstore } from './kvstore.ts';
import { BATCH, IN_FLIGHT, measureValidators, VALIDATORS } from './measure-validators.ts';

const NO_ENGINE = 'bench: no Go toolchain and no ATTESTEL_COMETBFT: figures bft4_… are left out\n';

/** About as large as an operation of ours. */
const OPERATION_BYTES = 300;
const SINGLE = { transactions: 8000, bytes: OPERATION_BYTES, inFlight: 4 * IN_FLIGHT };
/** As many bytes in a transaction as a submission of ours has, and as many of them on their way. */
const PACKED = { transactions: 200, bytes: BATCH * OPERATION_BYTES, inFlight: IN_FLIGHT / BATCH };

export interface BftResult {
  readonly figures: Readonly<Record<string, number>>;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}

/** Four validators on this machine, beside the engine alone and beside a chain of its own kind. */
export async function measureBft(): Promise<BftResult> {
  const binary = await engine();
  if (binary === undefined) return { figures: {}, peers: {}, ratios: {} };
  const folder = await createTemporaryFolder();
  try {
    const genesis = (await encodedOperations(0, 1, unixSeconds(systemClock))).map(decodeOperation);
    const homes = await makeHomes(folder.path, VALIDATORS, genesis);
    const ours = await measureValidators(binary, homes);
    const kvstore = await measureKvstore(binary, homes, SINGLE);
    const packed = BATCH * (await measureKvstore(binary, homes, PACKED));
    const { setAttribute } = await measureRegistryWrites();
    return {
      figures: {
        bft4_ops_per_s: Math.round(ours.rate),
        bft4_finality_p50_ms: Math.round(ours.p50),
        bft4_finality_p99_ms: Math.round(ours.p99),
        bft4_app_cpu_us_per_op: Math.round(ours.applicationCpu),
        bft4_engine_cpu_us_per_op: Math.round(ours.engineCpu),
      },
      peers: {
        bft4_kvstore_tx_per_s: Math.round(kvstore),
        [`bft4_kvstore_ops_per_s, ${BATCH} in a transaction`]: Math.round(packed),
        anvil_erc1056_tx_per_s: setAttribute,
      },
      ratios: {
        bft4_vs_kvstore: twoDigits(ours.rate / kvstore),
        bft4_vs_kvstore_packed: twoDigits(ours.rate / packed),
        bft4_vs_anvil_erc1056: twoDigits(ours.rate / setAttribute),
      },
    };
  } finally {
    await folder.remove();
  }
}

/** Undefined where it cannot be had, unless everything is required. @throws AppError */
async function engine(): Promise<string | undefined> {
  try {
    return await findEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  } catch (error) {
    if (!isAppError(error) || error.code !== 'engine_missing') throw error;
    if (process.env.ATTESTEL_REQUIRE_ALL === '1') throw error;
    process.stderr.write(NO_ENGINE);
    return undefined;
  }
}

const twoDigits = (value: number): number => Math.round(value * 100) / 100;
