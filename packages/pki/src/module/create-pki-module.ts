import { concatBytes, encodeCbor, equalBytes } from '@attestel/core';
import type { LedgerModule, Operation } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { admitAnchor } from '../operations/admit-anchor.ts';
import { admitCell, removeCell } from '../operations/admit-cell.ts';
import { authoriseBatch, resumeBatch, suspendBatch } from '../operations/authorise-batch.ts';
import { drawChallenge } from '../operations/challenge.ts';
import type { Apply } from '../operations/change.ts';
import { resumeAnchor, retireAnchor, suspendAnchor } from '../operations/change-anchor.ts';
import { resume, revoke, supersede, suspend } from '../operations/change-status.ts';
import { reportSighting } from '../operations/report-sighting.ts';
import { endRelation, signRelation } from '../operations/sign-relation.ts';
import { screenSubmission, submit } from '../operations/submit.ts';
import { certificateLookups, PKI_MODULE, readBeacon, writeBeacon } from '../state/records.ts';
import {
  type AssessAhead,
  type Assessment,
  type AssessPorts,
  assess,
  type SubmissionHeader,
} from './assess.ts';
import { parseAttachment } from './attachment.schema.ts';
import type { PkiBody, PkiKind } from './bodies.schema.ts';
import { assertKind, parseBody } from './parse-body.ts';

const OPERATIONS: { readonly [K in PkiKind]: Apply<K> } = {
  challenge: drawChallenge,
  'anchor.admit': admitAnchor,
  'anchor.retire': retireAnchor,
  'anchor.suspend': suspendAnchor,
  'anchor.resume': resumeAnchor,
  'batch.authorise': authoriseBatch,
  'batch.suspend': suspendBatch,
  'batch.resume': resumeBatch,
  submit,
  'status.suspend': suspend,
  'status.revoke': revoke,
  'status.resume': resume,
  'status.supersede': supersede,
  'cell.admit': admitCell,
  'cell.remove': removeCell,
  'sighting.report': reportSighting,
  'relation.sign': signRelation,
  'relation.end': endRelation,
};

/** The module, and a way to say that this process made an operation by the same checks. */
export interface PkiModule extends LedgerModule {
  /** Builders wrote the body from the attachment: the checks need not run again on the same object. */
  markAssessed(operation: Operation): void;
}

type Parsed = { readonly [K in PkiKind]: { readonly kind: K; readonly body: PkiBody<K> } }[PkiKind];

/**
 * Ledger module `pki`: which certificates are published, under whom, and what became of them. State depends on
 * signed bytes alone: attachments are looked at when an operation comes in, and a replay gives the same state after
 * they have been erased. `ahead`: the same checks of an attachment on other threads.
 */
export function createPkiModule(ports: AssessPorts, ahead?: AssessAhead): PkiModule {
  const known = new WeakMap<Operation, Parsed>();
  const assessed = new WeakSet<Operation>();
  const found = new WeakMap<Operation, Assessment>();
  const parse = (operation: Operation): Parsed => {
    const before = known.get(operation);
    if (before) return before;
    const { kind, body } = operation.payload;
    assertKind(kind);
    const parsed = { kind, body: parseBody(kind, body) } as Parsed;
    known.set(operation, parsed);
    return parsed;
  };
  return {
    name: PKI_MODULE,
    ordering: 'object',
    lookups: certificateLookups,
    checkStateless: (operation) => checkStateless(operation, parse(operation), ports),
    screen(state, operation, context) {
      const { kind, body } = parse(operation);
      const { actor } = operation.payload;
      if (kind === 'submit') screenSubmission({ state, body, actor, context });
    },
    async checkAhead(operation, run) {
      const { kind, body } = parse(operation);
      const { attachment } = operation;
      if (kind !== 'submit' || !attachment || assessed.has(operation) || found.has(operation)) return;
      const proven = await ahead?.(run, {
        attachment,
        header: headerOf(operation, body),
        count: body.items.length,
      });
      if (proven) found.set(operation, proven);
    },
    checkAttachment(operation) {
      const { kind, body } = parse(operation);
      if (kind !== 'submit' || assessed.has(operation)) return;
      assertProven(body, found.get(operation) ?? assessAttachment(operation, body, ports));
    },
    apply(state, operation, context) {
      const { kind, body } = parse(operation);
      const { actor } = operation.payload;
      const apply = OPERATIONS[kind] as Apply<PkiKind>;
      const detail = apply({ state, body, actor, operation, context, ...ports });
      writeBeacon(
        state,
        ports.sha256(concatBytes(readBeacon(state), operation.id, timeBytes(context.height))),
      );
      return [{ module: PKI_MODULE, type: kind, data: detail }];
    },
    markAssessed: (operation) => void assessed.add(operation),
  };
}

const timeBytes = (height: number) => encodeCbor(height);

function checkStateless({ attachment }: Operation, { kind, body }: Parsed, ports: AssessPorts): void {
  if (kind === 'anchor.admit') checkAnchor(body, ports);
  if (kind !== 'submit' && attachment !== null) throw fail('pki_body_invalid', { field: '/attachment' });
  if (kind === 'submit' && body.items.every((item) => typeof item === 'string')) {
    throw fail('pki_nothing_accepted', { field: '/items' });
  }
}

function checkAnchor({ certificate, scope }: PkiBody<'anchor.admit'>, ports: AssessPorts): void {
  if (certificate) ports.certificates.readAnchor(certificate, scope.kind);
  else if (scope.kind !== 'vendor') throw fail('pki_body_invalid', { field: '/certificate' });
}

const headerOf = ({ payload }: Operation, { role, challenge }: PkiBody<'submit'>): SubmissionHeader => ({
  ...{ network: payload.network, submitter: payload.actor, role, challenge },
});

function assessAttachment(operation: Operation, body: PkiBody<'submit'>, ports: AssessPorts): Assessment {
  const attachment = parseAttachment(operation.attachment);
  // Before the costly part, which could then be for nothing.
  if (attachment.items.length !== body.items.length) throw fail('pki_facts_unproven', { field: '/items' });
  return assess(attachment, headerOf(operation, body), ports);
}

/** The body says exactly what its attachment proves, item by item. @throws AppError pki_facts_unproven */
function assertProven({ anchor, scope, batch, source, items }: PkiBody<'submit'>, proven: Assessment): void {
  if (!equalBytes(encodeCbor({ anchor, scope, batch, source }), encodeCbor(headOf(proven)))) {
    throw fail('pki_facts_unproven', { field: '/anchor' });
  }
  items.forEach((item, i) => {
    if (!equalBytes(encodeCbor(item), encodeCbor(proven.items[i] as typeof item))) {
      throw fail('pki_facts_unproven', { field: `/items/${i}` });
    }
  });
}

const headOf = ({ anchor, scope, batch, source }: Assessment) => ({ anchor, scope, batch, source });
