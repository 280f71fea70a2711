import { type Bytes, type Clock, systemClock, unixSeconds } from '@attestel/core';
import type { Ledger, StateReader } from '@attestel/ledger';
import { parseAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { DID_MODULE, type HeadRecord, readHead, readVersion, type VersionRecord } from '../state/records.ts';
import { isAnyDid, isDid, parseDid } from '../syntax/did-syntax.ts';
import { formatVersionId, parseVersionId } from '../syntax/version-id.ts';
import type { DidDocument, DidErrorName, DidResolution, DidResolver } from '../types.ts';
import { formatDateTime, parseDateTime } from './date-time.ts';
import { resolutionError } from './resolution-error.ts';

/** Media type of a DID document in DID 1.1. */
export const DID_MEDIA_TYPE = 'application/did';

type Options = NonNullable<Parameters<DidResolver['resolve']>[1]>;
type Source = Pick<Ledger, 'network' | 'head' | 'state' | 'attachment'>;

/**
 * Resolves from this node's own copy of the ledger (DID Resolution v1 §4). What it says was checked
 * by the node's state machine; the order of checks is that of the standard.
 */
export function createLedgerResolver(
  ledger: Source,
  { clock = systemClock }: { clock?: Clock } = {},
): DidResolver {
  return {
    async resolve(did, options = {}) {
      try {
        return resolve(ledger, clock, did, options);
      } catch {
        return resolutionError('INTERNAL_ERROR');
      }
    },
  };
}

function resolve(ledger: Source, clock: Clock, did: string, options: Options): DidResolution {
  const refused = checkRequest(did, options);
  if (refused) return resolutionError(refused);
  const state = ledger.state(DID_MODULE);
  // A DID of another network is not on this ledger, whatever its hash.
  const head = parseDid(did).network === ledger.network ? readHead(state, did) : undefined;
  const time = options.versionTime === undefined ? undefined : parseDateTime(options.versionTime);
  if (time !== undefined && time > Math.max(ledger.head().time, unixSeconds(clock))) {
    return resolutionError('INVALID_OPTIONS', 'versionTime is in the future');
  }
  if (head === undefined) return resolutionError('NOT_FOUND');
  const version = selectVersion(state, did, head, options, time);
  return version === undefined ? resolutionError('NOT_FOUND') : answer(ledger, state, did, head, version);
}

/** DID Resolution v1 §4, in its order: DID, method, options. */
function checkRequest(did: string, options: Options): DidErrorName | undefined {
  if (!isDid(did))
    return isAnyDid(did) && !did.startsWith('did:mno:') ? 'METHOD_NOT_SUPPORTED' : 'INVALID_DID';
  const { versionId, versionTime, ...unknown } = options;
  if (Object.values(unknown).some((value) => value !== undefined)) return 'FEATURE_NOT_SUPPORTED';
  if (versionId !== undefined && versionTime !== undefined) return 'INVALID_OPTIONS'; // mutually exclusive
  if (versionId !== undefined && parseVersionId(versionId) === undefined) return 'INVALID_OPTIONS';
  if (versionTime !== undefined && parseDateTime(versionTime) === undefined) return 'INVALID_OPTIONS';
  return undefined;
}

function selectVersion(
  state: StateReader,
  did: string,
  head: HeadRecord,
  { versionId }: Options,
  time: number | undefined,
): number | undefined {
  if (versionId !== undefined) {
    const wanted = parseVersionId(versionId)?.version ?? 0;
    const record = wanted <= head.version ? readVersion(state, did, wanted) : undefined;
    return record && formatVersionId(wanted, record.operation) === versionId ? wanted : undefined;
  }
  if (time === undefined) return head.version;
  return time < head.created ? undefined : lastVersionAt(state, did, head.version, time);
}

/** Highest version whose block time is not after `time`; block times never decrease. */
function lastVersionAt(state: StateReader, did: string, newest: number, time: number): number {
  let low = 1;
  let high = newest;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (versionAt(state, did, middle).time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function versionAt(state: StateReader, did: string, version: number): VersionRecord {
  const record = readVersion(state, did, version);
  if (record === undefined) throw new TypeError('did state: a version is missing');
  return record;
}

function answer(
  ledger: Source,
  state: StateReader,
  did: string,
  head: HeadRecord,
  version: number,
): DidResolution {
  const record = versionAt(state, did, version);
  const document = record.documentOperation && documentOf(ledger, did, record.documentOperation);
  // The signed history stays when a document has been erased; there is then nothing to return.
  if (document === undefined) return resolutionError('NOT_FOUND', 'the document of this version was erased');
  const next = version < head.version ? versionAt(state, did, version + 1) : undefined;
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
const lastLiveVersion = (state: StateReader, did: string, head: HeadRecord): string =>
  formatVersionId(head.version - 1, versionAt(state, did, head.version - 1).operation);

function documentOf(ledger: Source, did: string, operationId: Bytes): DidDocument | undefined {
  const attachment = ledger.attachment(operationId);
  return attachment && toDocument(parseAttachment(attachment, parseDid(did).network).template, did);
}
