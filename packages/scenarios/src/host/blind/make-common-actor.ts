import { type Random, type Signer, toHex, unixSeconds } from '@attestel/core';
import { type CreatedDid, createDid } from '@attestel/did';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import type { HostParts } from '../host-parts.ts';
import { type CommonActor, prepareActors, writeActor } from './common-actor-rows.ts';
import { relationSigner } from './relation-signer.ts';

/**
 * Makes a DID whose ledger key can be handed on, and puts it on the ledger. What could change it is made and dropped
 * here, so that nobody who is given the key ever can. The key is durable before the ledger knows the DID.
 * @throws AppError what the ledger says
 */
export async function makeCommonActor(parts: HostParts, channel: string): Promise<CommonActor> {
  const seed = parts.random.bytes(32);
  const created = documentOf(parts, relationSigner(toHex(seed)));
  const actor: CommonActor = { did: created.did, seed: toHex(seed), mine: true, givenTo: [] };
  await prepareActors(parts.vault);
  await parts.store.transact((writer) => writeActor(writer, parts.vault, channel, actor));
  const now = Math.max(unixSeconds(parts.clock), parts.ledger.head().time);
  const [result] = await parts.ledger.submit([await created.toOperation(now + VALIDITY_SECONDS)]);
  if (result && !result.ok) throw result.error;
  return actor;
}

function documentOf({ ledger, random }: HostParts, ledgerKey: Signer): CreatedDid {
  return createDid({
    network: ledger.network,
    controlKey: lostKey(random),
    nextKeys: [lostKey(random).publicKey],
    ledgerKeys: [['ledger-1', ledgerKey.publicKey]],
    document: { verificationMethods: [] },
    random,
  });
}

const lostKey = (random: Random): Signer => relationSigner(toHex(random.bytes(32)));
