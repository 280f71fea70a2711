import { join } from 'node:path';
import { type Signer, utf8 } from '@attestel/core';
import { proofCrypto, type WitnessKey, witnessVerifierKey } from '@attestel/ledger';
import { createPolicy, formatPolicy, type Policy } from '@attestel/proof';
import { ensureWitnessSigner } from '../node/witness-key.ts';
import { writeFileDurably } from '../node/write-file-durably.ts';
import { DEMO_LEDGER, demoOrigin } from './demo-constants.ts';
import type { Provisioned } from './provision.ts';
import type { World } from './world.ts';

/** Keys for cosignatures, in the order of their parties; the first of them orders the ledger, if one alone does. */
export interface DemoWitness {
  readonly id: string;
  readonly key: WitnessKey;
}

/** Makes each party's witness key once. */
export async function ensureWitnesses(
  world: World,
  parties: readonly Provisioned[],
): Promise<readonly DemoWitness[]> {
  return Promise.all(
    parties.map(async ({ id, party }) => ({
      id,
      key: {
        name: `${demoOrigin(world.network)}/${id}`,
        signer: await ensureWitnessSigner(party.keyStore),
        clock: world.clock,
      },
    })),
  );
}

export interface DemoQuorum {
  /** Key of the log itself; a ledger that validators order has none. */
  readonly log?: Signer;
  readonly witnesses: readonly DemoWitness[];
  readonly group: string;
  readonly threshold: number;
}

/** Whose cosignatures make a checkpoint of the demo's ledger count. */
export function demoPolicy(network: string, { log, witnesses, group, threshold }: DemoQuorum): Policy {
  const origin = demoOrigin(network);
  const rawKey = (signer: Signer) => witnessVerifierKey({ name: origin, signer }).publicKey;
  return createPolicy(
    {
      origin,
      logs: log ? [{ publicKey: rawKey(log) }] : [],
      witnesses: witnesses.map(({ id, key }) => ({
        name: id,
        keyName: key.name,
        publicKey: rawKey(key.signer),
      })),
      groups: [{ name: group, threshold, members: witnesses.map(({ id }) => id) }],
      quorum: group,
    },
    proofCrypto.sha256,
  );
}

/** Writes the policy where commands find it, and returns its text. */
export async function publishPolicy(dataDir: string, policy: Policy): Promise<string> {
  const text = formatPolicy(policy);
  await writeFileDurably(policyFile(dataDir), utf8(text));
  return text;
}

export const policyFile = (dataDir: string): string => join(dataDir, DEMO_LEDGER.policyFile);
