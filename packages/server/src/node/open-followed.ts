import { type Bytes, concatBytes } from '@attestel/core';
import { type FollowedLedger, type LogTrust, openFollowedLedger, proofCrypto } from '@attestel/ledger';
import { ProofError, parseVerifierKey } from '@attestel/proof';
import type { FollowConfig } from '../config.schema.ts';
import { fail } from '../errors.ts';
import { type ConfiguredPolicy, readGenesisFile, readPolicyFiles } from './configured-files.ts';
import { fetchAsParty } from './fetch-as-party.ts';
import { intervalTimer } from './interval-timer.ts';
import type { LedgerPorts } from './ledger-ports.ts';
import { LEDGER_RULES } from './ledger-rules.ts';
import { ensureWitnessSigner, witnessIn } from './witness-key.ts';

/**
 * A member's own copy of a ledger that another node orders.
 * @throws AppError file_unreadable, config_invalid, witness_unknown; what openFollowedLedger throws
 */
export async function openFollowed(
  config: FollowConfig,
  { party, ...ports }: LedgerPorts,
): Promise<ConfiguredPolicy & { readonly ledger: FollowedLedger }> {
  const configured = await readPolicyFiles(config, 'ledger.follow');
  const { policy } = configured;
  const { checkpointKey } = config;
  const trust = checkpointKey === undefined ? { origin: policy.origin } : logTrust(checkpointKey);
  if (policy.origin !== trust.origin) throw invalid('policyFile', 'is the policy of another ledger');
  const { genesisFile, url, peers, acknowledgedAlarm } = config;
  const ledger = await openFollowedLedger({
    ...LEDGER_RULES,
    ...trust,
    ...ports,
    fetch: fetchAsParty({ ...ports, party }),
    witness: witnessIn(
      policy,
      await ensureWitnessSigner(party.keyStore),
      ports.clock,
      'ledger.follow.policyFile',
    ),
    policy,
    genesis: genesisFile === undefined ? undefined : await genesisIds(genesisFile),
    url,
    peers,
    acknowledgedAlarm,
    pollMilliseconds: config.pollSeconds * 1000,
    heartbeat: { seconds: config.heartbeatSeconds, timer: intervalTimer },
  });
  return { ...configured, ledger };
}

const ED25519_MULTICODEC = Uint8Array.of(0xed, 0x01);

/** By the log's own key. @throws AppError config_invalid */
function logTrust(text: string): LogTrust {
  try {
    const { name, type, publicKey } = parseVerifierKey(text, proofCrypto.sha256);
    if (type === 'ed25519')
      return { origin: name, checkpointKey: concatBytes(ED25519_MULTICODEC, publicKey) };
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
  }
  throw invalid('checkpointKey', 'is no verifier key of a log');
}

const genesisIds = async (path: string): Promise<readonly Bytes[]> =>
  (await readGenesisFile(path, 'ledger.follow.genesisFile')).map(({ id }) => id);

const invalid = (field: string, rule: string) =>
  fail('config_invalid', { field: `ledger.follow.${field} (${rule})` });
