import { type CosignedLedger, createWorkerVerifier, openCosignedLedger } from '@attestel/ledger';
import type { SoloConfig } from '../config.schema.ts';
import { type ConfiguredPolicy, readGenesisFile, readPolicyFiles } from './configured-files.ts';
import { fetchAsParty } from './fetch-as-party.ts';
import { intervalTimer } from './interval-timer.ts';
import type { LedgerPorts } from './ledger-ports.ts';
import { LEDGER_RULES } from './ledger-rules.ts';
import { assertLogKeyListed, ensureLogSigner } from './log-key.ts';
import { ensureWitnessSigner, witnessIn } from './witness-key.ts';

const DAY = 86_400;

/**
 * A ledger that this node alone orders and others may cosign, as its configuration says.
 * @throws AppError file_unreadable, config_invalid, log_key_unknown, witness_unknown; what openCosignedLedger throws
 */
export async function openSolo(
  config: SoloConfig,
  { party, ...ports }: LedgerPorts,
): Promise<ConfiguredPolicy & { readonly ledger: CosignedLedger }> {
  const configured = await readPolicyFiles(config, 'ledger.solo');
  const { policy } = configured;
  const field = 'ledger.solo.policyFile';
  const signer = await ensureLogSigner(party.keyStore);
  assertLogKeyListed(policy, signer, field);
  const witness = witnessIn(policy, await ensureWitnessSigner(party.keyStore), ports.clock, field);
  const { genesisFile, peers } = config;
  const genesis =
    genesisFile === undefined ? undefined : await readGenesisFile(genesisFile, 'ledger.solo.genesisFile');
  const batchVerifier = createWorkerVerifier({ logger: ports.logger });
  const opening = openCosignedLedger({
    ...{ ...LEDGER_RULES, ...ports, policy, signer, witness, batchVerifier, peers },
    ...(genesis && { genesis }),
    origin: policy.origin,
    fetch: fetchAsParty({ ...ports, party }),
    pollMilliseconds: config.pollSeconds * 1000,
    heartbeat: { seconds: config.heartbeatSeconds, timer: intervalTimer },
    maxClockLeapSeconds: config.maxClockLeapDays * DAY,
  });
  const ledger = await opening.catch(async (error: unknown) => {
    await batchVerifier.close();
    throw error;
  });
  return {
    ...configured,
    ledger: {
      ...ledger,
      async close() {
        await ledger.close();
        await batchVerifier.close();
      },
    },
  };
}
