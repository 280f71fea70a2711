import { type Bytes, type CborValue, encodeCbor, type Signer } from '@attestel/core';
import { MAX_OPERATION_BYTES, type Operation, type RunTask } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { type AssessAhead, type AssessPorts, assess } from '../module/assess.ts';
import {
  encodeAttachment,
  type SubmissionAttachment,
  type SubmittedItem,
} from '../module/attachment.schema.ts';
import { MAX_ITEMS, type PkiBody } from '../module/bodies.schema.ts';
import type { PkiModule } from '../module/create-pki-module.ts';
import { refusedAll } from '../refusals.ts';
import type { CertificateRole } from '../rules/roles.ts';
import { signOperation } from './build-operation.ts';

/** Most bytes of facts about one item in the body: seven hashes, two times, a list head. */
const FACTS_BYTES = 260;
/** Signatures, operation head and body without items. */
const HEAD_BYTES = 4_000;

export interface SubmissionRequest {
  readonly network: string;
  /** DID of the member that submits. */
  readonly submitter: string;
  readonly role: CertificateRole;
  /** Id of a challenge of the submitter, or of the batch. */
  readonly challenge: Bytes;
  /** What proves the items; they themselves are in `items`. */
  readonly evidence: Omit<SubmissionAttachment, 'items'>;
  readonly items: readonly SubmittedItem[];
  /** Names the submission that this is a part of. */
  readonly part?: { readonly submission: Bytes; readonly number: number } | null;
  readonly notAfter: number;
  /** Threads that check certificates; without any, this one does. */
  readonly run?: RunTask | undefined;
  /** The submitter's ledger key, or that of the batch's line. */
  readonly signers: readonly Signer[];
}

/** An operation, and what its items are refused for already: by their place, the code. */
export interface BuiltSubmission {
  readonly operation: Operation;
  readonly rejected: readonly (readonly [index: number, code: string])[];
}

/**
 * Runs every check that needs no state, and writes what it found into the body. Items that break a rule are named
 * in it by their code; a submission of which nothing is left is not built.
 * @throws AppError of the first item where none is left, pki_attachment_invalid, operation_too_large
 */
export const createSubmissionBuilder =
  (ports: AssessPorts, module: Pick<PkiModule, 'markAssessed'>, ahead?: AssessAhead) =>
  async (request: SubmissionRequest): Promise<BuiltSubmission> => {
    const { network, submitter, role, challenge, evidence, items, part = null, run } = request;
    const content: SubmissionAttachment = { ...evidence, items: [...items] };
    const header = { network, submitter, role, challenge };
    const attachment = encodeAttachment(content);
    const found =
      (run && (await ahead?.(run, { attachment, header, count: items.length }))) ??
      assess(content, header, ports);
    const rejected = found.items.flatMap((item, i): (readonly [number, string])[] =>
      typeof item === 'string' ? [[i, item]] : [],
    );
    if (rejected.length === items.length) throw refusedAll(rejected.map(([, code]) => code));
    const body: PkiBody<'submit'> = { v: 1, ...found, role, challenge, part };
    const operation = await signOperation(
      { actor: submitter, network, notAfter: request.notAfter },
      {
        kind: 'submit',
        body: body as unknown as { readonly [field: string]: CborValue },
        attachment,
      },
      request.signers,
    );
    module.markAssessed(operation);
    return { operation, rejected };
  };

/**
 * Parts of a pallet, in order, each small enough for one operation.
 * @throws AppError pki_too_many where the evidence alone leaves no room
 */
export function splitItems<Item extends SubmittedItem>(
  evidence: Omit<SubmissionAttachment, 'items'>,
  items: readonly Item[],
): Item[][] {
  const room = MAX_OPERATION_BYTES - HEAD_BYTES - encodeCbor(evidence as unknown as CborValue).length;
  const parts: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const size = encodeCbor(item as unknown as CborValue).length + FACTS_BYTES;
    if (size > room) throw fail('pki_too_many', { field: '/items' });
    if (parts.length === 0 || size > left || parts.at(-1)?.length === MAX_ITEMS) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(item);
    left -= size;
  }
  return parts;
}
