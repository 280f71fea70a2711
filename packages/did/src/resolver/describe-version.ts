import {
  type DidState,
  type HeadRecord,
  newestVersion,
  readVersion,
  type VersionRecord,
} from '../state/records.ts';
import { formatVersionId } from '../syntax/version-id.ts';
import type { DidDocument, DidResolution } from '../types.ts';
import { formatDateTime } from './date-time.ts';

/** Media type of a DID document in DID 1.1. */
export const DID_MEDIA_TYPE = 'application/did';

/** @throws TypeError when the state lacks a version that its head counts */
export function versionAt(state: DidState, did: string, head: HeadRecord, version: number): VersionRecord {
  const record = version === head.version ? newestVersion(head) : readVersion(state, did, version);
  if (record === undefined) throw new TypeError('did state: a version is missing');
  return record;
}

/**
 * The resolution of a version (DID Resolution v1 §4.3). What it reads is what a proof of it has to show: resolvers
 * and verifiers both come here.
 */
export function describeVersion(
  state: DidState,
  did: string,
  { head, version }: { readonly head: HeadRecord; readonly version: number },
  document: DidDocument | null,
): DidResolution {
  const record = versionAt(state, did, head, version);
  const next = version < head.version ? versionAt(state, did, head, version + 1) : undefined;
  return {
    didResolutionMetadata: document === null ? {} : { contentType: DID_MEDIA_TYPE },
    didDocument: document,
    didDocumentMetadata: {
      created: formatDateTime(head.created),
      ...(version > 1 ? { updated: formatDateTime(record.time) } : {}),
      ...(head.deactivated ? { deactivated: true, lastVersionId: lastLiveVersion(state, did, head) } : {}),
      versionId: formatVersionId(version, record.operation),
      ...(next
        ? {
            nextUpdate: formatDateTime(next.time),
            nextVersionId: formatVersionId(version + 1, next.operation),
          }
        : {}),
    },
  };
}

/** Nothing follows a deactivation, so the version before the tombstone is the last one with a document. */
const lastLiveVersion = (state: DidState, did: string, head: HeadRecord): string =>
  formatVersionId(head.version - 1, versionAt(state, did, head, head.version - 1).operation);
