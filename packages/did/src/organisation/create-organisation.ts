import type { Random, Signer } from '@attestel/core';
import type { KeyAlgorithm, KeyPurpose, KeyRef, KeyStore } from '@attestel/keystore';
import type { Operation } from '@attestel/ledger';
import type { ServiceContent } from '../document/document.ts';
import { createDid } from '../operations/create-did.ts';
import type { DidDocument } from '../types.ts';
import { controlKeyRef } from './control-keys.ts';

export interface OrganisationRequest {
  readonly keyStore: KeyStore;
  readonly network: string;
  /** Start of the names of its keys: `<prefix>/control-1` and so on. */
  readonly prefix: string;
  readonly services?: readonly ServiceContent[];
  readonly alsoKnownAs?: readonly string[];
  readonly random: Random;
  /** Last block time at which the creation may be executed, unix seconds. */
  readonly notAfter: number;
}

export interface OrganisationRefs {
  /** Signs the creation; spent after it. */
  readonly control: KeyRef;
  /** Signs the first update. */
  readonly nextControl: KeyRef;
  readonly ledger: KeyRef;
  /** ES256: credentials, request objects, API tokens. */
  readonly key: KeyRef;
}

export interface Organisation {
  readonly did: string;
  readonly document: DidDocument;
  readonly operation: Operation;
  /** `<did>#key-1` */
  readonly kid: string;
  readonly refs: OrganisationRefs;
}

/**
 * Keys and DID of an organisation, as operators and bridges need them. Keys that exist under the
 * names are taken, so an interrupted set-up can be repeated; the DID is new each time.
 */
export async function createOrganisation(request: OrganisationRequest): Promise<Organisation> {
  const { keyStore, network, prefix, random } = request;
  const refs: OrganisationRefs = {
    control: controlKeyRef(prefix, 1),
    nextControl: controlKeyRef(prefix, 2),
    ledger: `${prefix}/ledger-1`,
    key: `${prefix}/key-1`,
  };
  const controlKey = await keyOf(keyStore, refs.control, 'did-control', 'EdDSA');
  const nextKey = await keyOf(keyStore, refs.nextControl, 'did-control', 'EdDSA');
  const ledgerKey = await keyOf(keyStore, refs.ledger, 'ledger', 'EdDSA');
  const key = await keyOf(keyStore, refs.key, 'assertion', 'ES256');
  const created = createDid({
    network,
    controlKey,
    nextKeys: [nextKey.publicKey],
    ledgerKeys: [['ledger-1', ledgerKey.publicKey]],
    document: {
      verificationMethods: [
        { fragment: 'key-1', key: key.publicKey, relationships: ['authentication', 'assertionMethod'] },
      ],
      ...(request.services ? { services: request.services } : {}),
      ...(request.alsoKnownAs ? { alsoKnownAs: request.alsoKnownAs } : {}),
    },
    random,
  });
  const { did, document } = created;
  return { did, document, kid: `${did}#key-1`, refs, operation: await created.toOperation(request.notAfter) };
}

async function keyOf(
  keyStore: KeyStore,
  ref: KeyRef,
  purpose: KeyPurpose,
  algorithm: KeyAlgorithm,
): Promise<Signer> {
  const found = (await keyStore.find(ref)) ?? (await keyStore.generate({ purpose, algorithm, ref }));
  if (found.purpose !== purpose || found.algorithm !== algorithm) {
    throw new TypeError('createOrganisation: a key under this name has another purpose or algorithm');
  }
  return keyStore.signer(ref);
}
