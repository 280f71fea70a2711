import type { ApplyContext, LedgerEvent, LedgerModule, Operation, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { Sha256 } from '../sha256-port.ts';
import { applyCreate } from './apply-create.ts';
import { applyDeactivate } from './apply-deactivate.ts';
import { applyRotate } from './apply-rotate.ts';
import { applyUpdate } from './apply-update.ts';
import { checkDocument } from './check-document.ts';
import { type DidOperation, parseDidOperation } from './operation-body.ts';
import { DID_MODULE, type HeadRecord } from './records.ts';

/**
 * The ledger module of did:mno. State depends on signed bytes alone: documents are looked at when an
 * operation comes in, and a replay gives the same state after they have been erased.
 */
export function createDidModule(sha256: Sha256): LedgerModule {
  // An operation passes three checks on its way, and strangers send operations: it is parsed once.
  const known = new WeakMap<Operation, DidOperation>();
  const parse = (operation: Operation): DidOperation => {
    const parsed = known.get(operation) ?? parseDidOperation(operation, sha256);
    known.set(operation, parsed);
    return parsed;
  };
  return {
    name: DID_MODULE,
    ordering: 'object',
    checkStateless(operation) {
      parse(operation);
    },
    checkAttachment(operation) {
      checkDocument(parse(operation), sha256);
    },
    apply(state, operation, context) {
      const parsed = parse(operation);
      if (parsed.network !== context.network || context.ns !== 'main') throw fail('wrong_network');
      return [toEvent(parsed, applyParsed(state, parsed, context, sha256))];
    },
  };
}

function applyParsed(state: State, parsed: DidOperation, context: ApplyContext, sha256: Sha256): HeadRecord {
  switch (parsed.kind) {
    case 'create':
      return applyCreate(state, parsed, context, sha256);
    case 'update':
      return applyUpdate(state, parsed, context, sha256);
    case 'rotate':
      return applyRotate(state, parsed, context, sha256);
    case 'deactivate':
      return applyDeactivate(state, parsed, context, sha256);
  }
}

const EVENT_TYPES = {
  create: 'created',
  update: 'updated',
  rotate: 'rotated',
  deactivate: 'deactivated',
} as const;

const toEvent = ({ kind, did }: DidOperation, head: HeadRecord): LedgerEvent => ({
  module: DID_MODULE,
  type: EVENT_TYPES[kind],
  data: { did, version: head.version, operation: head.operation },
});
