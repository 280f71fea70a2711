import { type Bytes, type Clock, type Random, unixSeconds } from '@attestel/core';
import {
  buildDeactivate,
  buildRotate,
  buildUpdate,
  contentOf,
  type DidDocument,
  type DidResolver,
  ensureControlKeys,
  findControlKeys,
  parseVersionId,
  type Registrar,
} from '@attestel/did';
import type { KeyStore } from '@attestel/keystore';
import { fail } from './errors.ts';

/** What it takes to change DIDs. */
export interface DidControl {
  /** Holds the control keys, and nothing that Veramo's key manager has. */
  readonly keyStore: KeyStore;
  readonly resolver: DidResolver;
  readonly registrar: Registrar;
  readonly random: Random;
  readonly clock: Clock;
}

export type Content = ReturnType<typeof contentOf>;

/** A DID and the name that its control keys begin with. */
export interface Controlled {
  readonly did: string;
  readonly prefix: string;
}

/** How long the ledger may take to execute an operation. */
const VALID_SECONDS = 600;

export const notAfter = ({ clock }: DidControl): number => unixSeconds(clock) + VALID_SECONDS;

/**
 * Replaces the document by an edited one. Sends a new commitment with it, as every change does.
 * @throws AppError did_unresolved, did_deactivated, control_key_missing; what the ledger refuses with
 */
export async function updateDid(
  control: DidControl,
  controlled: Controlled,
  edit: (content: Content) => Content,
): Promise<DidDocument> {
  const { document: current, ...change } = await prepareChange(control, controlled);
  const { operation, document } = await buildUpdate({
    ...change,
    ...edit(contentOf(current)),
    nextKeys: await nextKeys(control, controlled, change),
    random: control.random,
  });
  await control.registrar.submit(operation);
  return document;
}

/** Changes the control keys and nothing else. @throws AppError as {@link updateDid} */
export async function rotateDid(control: DidControl, controlled: Controlled): Promise<void> {
  const change = await prepareChange(control, controlled);
  const operation = await buildRotate({ ...change, nextKeys: await nextKeys(control, controlled, change) });
  await control.registrar.submit(operation);
}

/** Ends the DID for ever; one that has ended already is left as it is. @throws AppError as {@link updateDid} */
export async function deactivateDid(control: DidControl, controlled: Controlled): Promise<void> {
  const { didDocumentMetadata } = await control.resolver.resolve(controlled.did);
  if (didDocumentMetadata.deactivated) return;
  const { document: _, ...change } = await prepareChange(control, controlled);
  await control.registrar.submit(await buildDeactivate(change));
}

interface Change {
  readonly did: string;
  readonly version: number;
  readonly previous: Bytes;
  readonly controlKeys: Awaited<ReturnType<typeof findControlKeys>>;
  readonly notAfter: number;
}

/** The newest version, and this store's keys that may follow it. */
async function prepareChange(
  control: DidControl,
  { did, prefix }: Controlled,
): Promise<Change & { readonly document: DidDocument }> {
  const { didDocument, didDocumentMetadata, didResolutionMetadata } = await control.resolver.resolve(did);
  if (didDocumentMetadata.deactivated) throw fail('did_deactivated');
  const newest = parseVersionId(didDocumentMetadata.versionId ?? '');
  if (didDocument === null || newest === undefined) {
    throw fail('did_unresolved', { detail: didResolutionMetadata.error ?? 'no version' });
  }
  const controlKeys = await findControlKeys(control.keyStore, prefix, newest.version + 1);
  if (controlKeys.length === 0) throw fail('control_key_missing');
  return {
    did,
    version: newest.version,
    previous: newest.operationId,
    controlKeys,
    document: didDocument,
    notAfter: notAfter(control),
  };
}

/** As many as now, all of them needed: a single store holds no keys apart from each other. */
async function nextKeys({ keyStore }: DidControl, { prefix }: Controlled, change: Change) {
  const [first] = change.controlKeys;
  const signers = await ensureControlKeys(keyStore, {
    prefix,
    version: change.version + 2,
    count: change.controlKeys.length,
    algorithm: first?.algorithm ?? 'EdDSA',
  });
  return signers.map(({ publicKey }) => publicKey);
}
