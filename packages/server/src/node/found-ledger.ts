import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { type Clock, encodeCbor, equalBytes, type Random, systemClock, systemRandom } from '@attestel/core';
import { encodeOperation, proofCrypto, witnessVerifierKey } from '@attestel/ledger';
import { createPolicy, formatPolicy } from '@attestel/proof';
import type { NodeConfig } from '../config.schema.ts';
import { ensureGenesis, ensureIdentity, ensureRoot, operatorLeaf } from '../consortium/provision.ts';
import { fail } from '../errors.ts';
import { ensureLogSigner, logKeyText } from './log-key.ts';
import { openParty, type Party } from './open-party.ts';
import { ensureWitnessSigner } from './witness-key.ts';

export interface FoundingOptions {
  /** Opens the party's keys. */
  readonly passphrase: string;
  /** Name of the ledger: first line of its checkpoints, used for no other one ever. */
  readonly origin: string;
  readonly scryptN?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface Founding {
  readonly did: string;
  /** C2SP verifier key of the log, for whoever follows it. */
  readonly checkpointKey: string;
  readonly genesisFile: string;
  readonly policyFile: string;
}

/**
 * What one operator needs before it can order a ledger alone: its DID, a genesis with itself as the only founder, and a
 * policy with its own witness as the quorum. Made once; what is there already stays as it is.
 * @throws AppError config_invalid, file_exists; TypeError for an origin that no note can carry
 */
export async function foundLedger(config: NodeConfig, options: FoundingOptions): Promise<Founding> {
  const { dataDir, network, instance, http, name, ledger } = config;
  const { origin, passphrase, scryptN, clock = systemClock, random = systemRandom } = options;
  const { genesisFile, policyFile } = ledger?.solo ?? {};
  if (genesisFile === undefined || policyFile === undefined)
    throw fail('config_invalid', { field: 'ledger.solo.genesisFile (a new ledger needs it)' });
  const ports = { network, clock, random };
  const party = await openParty({ dataDir, passphrase, ...(scryptN && { scryptN }) });
  try {
    const policy = await policyOf(party, origin, instance);
    const root = await ensureRoot(party, ports);
    const operator = { id: instance, name, roles: ['operator' as const] };
    const services = [{ fragment: 'issuer', type: 'OpenID4VCI', serviceEndpoint: http.origin }];
    const certify = operatorLeaf(root, operator, http.origin, clock);
    const founder = await ensureIdentity(operator, party, ports, services, certify);
    const genesis = await ensureGenesis(dataDir, [founder], [root.certificate], ports);
    await writeOnce(genesisFile, encodeCbor(genesis.map(encodeOperation)), 'ledger.solo.genesisFile');
    // The members' policy: whoever has it keeps it.
    await writeNew(policyFile, Buffer.from(policy));
    const checkpointKey = logKeyText(origin, await ensureLogSigner(party.keyStore));
    return { did: founder.identity.did, checkpointKey, genesisFile, policyFile };
  } finally {
    await party.close();
  }
}

async function policyOf({ keyStore }: Party, origin: string, instance: string): Promise<string> {
  const rawKey = (signer: Awaited<ReturnType<typeof ensureLogSigner>>) =>
    witnessVerifierKey({ name: origin, signer }).publicKey;
  const [log, witness] = [await ensureLogSigner(keyStore), await ensureWitnessSigner(keyStore)];
  const own = { name: instance, keyName: `${origin}/${instance}`, publicKey: rawKey(witness) };
  const draft = {
    origin,
    logs: [{ publicKey: rawKey(log) }],
    witnesses: [own],
    groups: [],
    quorum: instance,
  };
  return formatPolicy(createPolicy(draft, proofCrypto.sha256));
}

/** Whole or not at all; false where something is there already. */
async function writeNew(path: string, bytes: Uint8Array): Promise<boolean> {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, bytes, { flush: true });
  try {
    await link(unfinished, path); // other than a rename, it replaces nothing
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeOnce(path: string, bytes: Uint8Array, field: string): Promise<void> {
  if (await writeNew(path, bytes)) return;
  if (!equalBytes(new Uint8Array(await readFile(path)), bytes)) throw fail('file_exists', { field });
}
