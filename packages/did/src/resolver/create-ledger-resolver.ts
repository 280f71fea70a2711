import { type Bytes, type Clock, systemClock, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import type { DocumentAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { DID_MODULE, type DidState, type HeadRecord, readHead } from '../state/records.ts';
import { isAnyDid, isDid } from '../syntax/did-syntax.ts';
import { formatVersionId, parseVersionId } from '../syntax/version-id.ts';
import type {
  DidErrorName,
  DidResolution,
  DidResolver,
  ResolutionOptions,
  ResolutionProof,
} from '../types.ts';
import { createAnswerCache, type Kept } from './answer-cache.ts';
import { createAttachmentCache } from './attachment-cache.ts';
import { parseDateTime } from './date-time.ts';
import { describeVersion, versionAt } from './describe-version.ts';
import { createProvingState, isUnprovable, type ProvingState } from './proving-state.ts';
import { resolutionError } from './resolution-error.ts';

/** Without `proofs` nothing can be proven. */
type Source = Pick<Ledger, 'network' | 'head' | 'state' | 'attachment'> & Partial<Pick<Ledger, 'proofs'>>;

/** A ledger with what is kept of it between two questions. */
interface Sources {
  readonly ledger: Source;
  readonly clock: Clock;
  readonly attachmentOf: (operation: Bytes, commitment: Bytes) => DocumentAttachment | undefined;
  readonly kept: ReturnType<typeof createAnswerCache> | undefined;
}

/** One question to the state; `proving` where the answer brings its proof. */
interface Question extends Sources {
  readonly did: string;
  readonly options: ResolutionOptions;
  /** Unix seconds. */
  readonly time: number | undefined;
  readonly state: DidState;
  readonly proving: ProvingState | undefined;
}

/**
 * Resolves from this node's own copy of the ledger (DID Resolution v1 §4). What it says was checked
 * by the node's state machine; the order of checks is that of the standard.
 */
export function createLedgerResolver(
  ledger: Source,
  { clock = systemClock }: { clock?: Clock } = {},
): DidResolver {
  const sources: Sources = {
    ledger,
    clock,
    attachmentOf: createAttachmentCache(ledger),
    kept: ledger.proofs && createAnswerCache(ledger.proofs),
  };
  return {
    async resolve(did, options = {}) {
      try {
        return resolve(sources, did, options);
      } catch (error) {
        return isUnprovable(error)
          ? resolutionError('FEATURE_NOT_SUPPORTED', 'no checkpoint to prove from')
          : resolutionError('INTERNAL_ERROR');
      }
    },
  };
}

function resolve(sources: Sources, did: string, options: ResolutionOptions): DidResolution {
  const { ledger, clock, kept } = sources;
  const refused = checkRequest(did, options);
  if (refused) return resolutionError(refused);
  const time = options.versionTime === undefined ? undefined : parseDateTime(options.versionTime);
  if (time !== undefined && time > Math.max(ledger.head().time, unixSeconds(clock))) {
    return resolutionError('INVALID_OPTIONS', 'versionTime is in the future');
  }
  const { receipt = 'none' } = options;
  const question = { ...sources, did, options, time };
  if (receipt === 'none') {
    return answer({ ...question, state: ledger.state(DID_MODULE), proving: undefined }).resolution;
  }
  const { proofs } = ledger;
  if (!proofs || !kept) return resolutionError('FEATURE_NOT_SUPPORTED', 'no proofs here');
  return kept(did, options, () => {
    const proving = createProvingState(proofs, receipt);
    return answer({ ...question, state: proving, proving });
  });
}

/** DID Resolution v1 §4, in its order: DID, method, options. */
function checkRequest(did: string, options: ResolutionOptions): DidErrorName | undefined {
  if (!isDid(did))
    return isAnyDid(did) && !did.startsWith('did:mno:') ? 'METHOD_NOT_SUPPORTED' : 'INVALID_DID';
  const { versionId, versionTime, receipt, ...unknown } = options;
  if (Object.values(unknown).some((value) => value !== undefined)) return 'FEATURE_NOT_SUPPORTED';
  if (receipt !== undefined && !['none', 'path', 'full'].includes(receipt)) return 'INVALID_OPTIONS';
  if (versionId !== undefined && versionTime !== undefined) return 'INVALID_OPTIONS'; // mutually exclusive
  if (versionId !== undefined && parseVersionId(versionId) === undefined) return 'INVALID_OPTIONS';
  if (versionTime !== undefined && parseDateTime(versionTime) === undefined) return 'INVALID_OPTIONS';
  return undefined;
}

function answer(question: Question): Kept {
  const { ledger, did, state, proving } = question;
  // A DID of another network is not on this ledger: its state machine takes none.
  const head = readHead(state, did);
  const version = head && selectVersion(question, head);
  if (head === undefined || version === undefined) {
    return { resolution: notFound(proving), isCurrent: () => true };
  }
  const { documentOperation: made, document: commitment } = versionAt(state, did, head, version);
  const attachment = made && commitment && question.attachmentOf(made, commitment);
  // The signed history stays when a document has been erased; there is then nothing to return.
  if (attachment === undefined) {
    const resolution = notFound(proving, 'the document of this version was erased');
    return { resolution, isCurrent: () => false };
  }
  const document = attachment && toDocument(attachment.template, did);
  const described = describeVersion(state, did, { head, version }, document);
  return {
    resolution: proving ? withProof(described, proving.proof(attachment?.salt)) : described,
    isCurrent: () => made === null || ledger.attachment(made) !== undefined,
  };
}

const withProof = (
  { didDocumentMetadata, ...rest }: DidResolution,
  proof: readonly ResolutionProof[],
): DidResolution => ({ ...rest, didDocumentMetadata: { ...didDocumentMetadata, proof } });

function notFound(proving: ProvingState | undefined, message?: string): DidResolution {
  const error = resolutionError('NOT_FOUND', message);
  if (!proving) return error;
  return { ...error, didResolutionMetadata: { ...error.didResolutionMetadata, proof: proving.proof() } };
}

function selectVersion(
  { ledger, did, options, time, state }: Question,
  head: HeadRecord,
): number | undefined {
  const { versionId } = options;
  if (versionId !== undefined) {
    const wanted = parseVersionId(versionId)?.version ?? 0;
    if (wanted > head.version) return undefined;
    return formatVersionId(wanted, versionAt(state, did, head, wanted).operation) === versionId
      ? wanted
      : undefined;
  }
  if (time === undefined) return head.version;
  // Versions never change, so the search need not be proven, only what it finds.
  return time < head.created ? undefined : lastVersionAt(ledger.state(DID_MODULE), did, head, time);
}

/** Highest version whose block time is not after `time`; block times never decrease. */
function lastVersionAt(state: DidState, did: string, head: HeadRecord, time: number): number {
  let low = 1;
  let high = head.version;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (versionAt(state, did, head, middle).time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
