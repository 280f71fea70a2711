import { hash } from 'node:crypto';
import {
  type Bytes,
  type CborValue,
  type Clock,
  encodeCbor,
  equalBytes,
  type Random,
  type Signer,
  unixSeconds,
} from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { buildPkiOperation } from '../../build/build-operation.ts';
import { splitItems } from '../../build/build-submission.ts';
import { fail } from '../../errors.ts';
import type { SubmissionAttachment, SubmittedItem } from '../../module/attachment.schema.ts';
import type { CertificateRole } from '../../rules/roles.ts';
import type { Batch, Pki } from '../../types.ts';
import { createGatherer } from './gather-items.ts';
import { type WantedReceipts, withItemReceipts } from './item-receipts.ts';
import type { ItemResult } from './item-results.ts';
import { publishParts } from './publish-parts.ts';

/** Seconds of block time that an operation made here may wait. */
const OPERATION_SECONDS = 600;
/** A challenge with less left than this is not given out again. */
const MIN_CHALLENGE_SECONDS = 3600;

export interface PublisherOptions {
  readonly ledger: Ledger;
  readonly pki: Pki;
  /** The member that submits, and its ledger key. */
  readonly did: string;
  readonly signer: Signer;
  /** Hides serials of devices; the scope of the member's anchors commits to it. */
  readonly tokenKey: Bytes;
  readonly clock: Clock;
  readonly random: Random;
}

export interface PublishRequest {
  readonly role: CertificateRole;
  /** Id of the anchor that the certificates stand under. */
  readonly anchor: Bytes;
  readonly batch: Bytes | null;
  readonly challenge: Bytes;
  readonly intermediates: readonly Bytes[];
  /** Where the origins of devices stand. */
  readonly source: {
    readonly anchor: Bytes;
    readonly chained: boolean;
    /** Default: no. */
    readonly delivered?: boolean;
    readonly intermediates: readonly Bytes[];
  } | null;
  readonly items: readonly SubmittedItem[];
  /** Of each that is published. Default: none. */
  readonly receipts?: WantedReceipts;
}

export interface Published {
  /** One for each item, in order. */
  readonly results: readonly ItemResult[];
  readonly parts: number;
}

/** Publishes certificates in a member's name: what every front end ends in. */
export interface Publisher {
  readonly did: string;
  /** A challenge of the member that has an hour left at least; the same one for many devices. */
  challenge(): Promise<{ readonly id: Bytes; readonly until: number }>;
  /**
   * Each item by itself: what one breaks spoils no other. @throws AppError pki_anchor_unknown, pki_batch_unknown,
   * pki_too_many, pki_busy, and what refuses a submission as a whole
   */
  publish(request: PublishRequest): Promise<Published>;
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { ledger, pki, did, signer } = options;
  const notAfter = (): number => Math.max(pki.now(), unixSeconds(options.clock)) + OPERATION_SECONDS;
  let drawing: Promise<void> | undefined;
  const draw = async (): Promise<void> => {
    const operation = await buildPkiOperation({
      kind: 'challenge',
      body: { v: 1, salt: options.random.bytes(32) },
      ...{ actor: did, network: ledger.network, notAfter: notAfter(), signers: [signer] },
    });
    const [result] = await ledger.submit([operation]);
    if (result && !result.ok) throw result.error;
  };
  const usable = () =>
    pki.challenges(did).findLast(({ until }) => until >= pki.now() + MIN_CHALLENGE_SECONDS);
  const gatherer = createGatherer<SubmittedItem, ItemResult>();
  const publishAll = async (request: PublishRequest): Promise<Published> => {
    const evidence = evidenceFor(options, request);
    const parts = splitItems(evidence, request.items);
    const submission = options.random.bytes(16);
    const { role, challenge } = request;
    const head = { network: ledger.network, submitter: did, role, challenge, evidence };
    const requests = parts.map((items, number) => ({
      ...{ ...head, items, part: parts.length > 1 ? { submission, number } : null },
      ...{ notAfter: notAfter(), signers: [signer], run: ledger.run },
    }));
    return { results: await publishParts(ledger, requests, request.receipts), parts: parts.length };
  };
  return {
    did,
    async challenge() {
      const known = usable();
      if (known) return known;
      // Whoever asks meanwhile waits for the same one.
      drawing ??= draw().finally(() => {
        drawing = undefined;
      });
      await drawing;
      const drawn = usable();
      if (!drawn) throw fail('pki_possession_stale');
      return drawn;
    },
    async publish(request) {
      const [only, ...others] = request.items;
      if (!only || others.length > 0 || !isSmall(only)) return publishAll(request);
      // Of many that come one by one, those of a kind go together; those after them do not wait for their receipts.
      const { receipts = 'none', ...bare } = request;
      const send = async (items: readonly SubmittedItem[]) => (await publishAll({ ...bare, items })).results;
      const results = [await gatherer.add(kindOf(bare), only, send)];
      return { results: await withItemReceipts(ledger.proofs, results, receipts), parts: 1 };
    },
  };
}

/** One that fits in with any others: nobody else's submission becomes too large by it. */
const MAX_GATHERED_BYTES = 16_384;
const isSmall = ({ certificate, possession, origin }: SubmittedItem): boolean => {
  const proofs = possession instanceof Uint8Array ? [possession] : Object.values(possession);
  const parts = [certificate, ...proofs, origin?.certificate, origin?.signature];
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0) <= MAX_GATHERED_BYTES;
};

const kindOf = ({ items: _, ...head }: PublishRequest): string =>
  hash('sha256', encodeCbor(head as unknown as CborValue), 'base64');

function evidenceFor(
  { pki, tokenKey }: PublisherOptions,
  { anchor, batch, source, intermediates }: PublishRequest,
): Omit<SubmissionAttachment, 'items'> {
  const under = pki.anchor(anchor);
  if (!under) throw fail('pki_anchor_unknown', { field: '/anchor' });
  const known = batch ? pki.batch(batch) : undefined;
  if (batch && (!known || !equalBytes(known.anchor, anchor)))
    throw fail('pki_batch_unknown', { field: '/batch' });
  const origin = source ? pki.anchor(source.anchor) : undefined;
  if (source && !origin) throw fail('pki_anchor_unknown', { field: '/source/anchor' });
  return {
    ...{ anchor: under.certificate, scope: under.scope, intermediates: [...intermediates], tokenKey },
    batch: known ? { vendor: known.vendor, terms: termsOf(known) } : null,
    source:
      source && origin
        ? {
            ...{ anchor: origin.certificate, scope: origin.scope, chained: source.chained },
            delivered: source.delivered ?? false,
            intermediates: [...source.intermediates],
          }
        : null,
  };
}

function termsOf({ anchor, product, number, count, serials, line, expiry, destination }: Batch) {
  return { anchor, product, number, count, serials, line, expiry, destination };
}
