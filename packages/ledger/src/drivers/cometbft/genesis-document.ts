import { type Bytes, fromBase64url, fromUtf8, toBase64url } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Operation } from '../../operation.ts';
import { decodeOperation, encodeOperation } from '../../operations/decode-operation.ts';

interface NamedLedger {
  readonly network: string;
  readonly origin: string;
}

/** A new ledger: its block 1. */
export interface FoundedLedger extends NamedLedger {
  readonly operations: readonly Operation[];
}

/** A ledger that has a history, which each node imports before it starts: the body of its last checkpoint. */
export interface ContinuedLedger extends NamedLedger {
  readonly checkpoint: string;
}

/** `app_state` of the engine's genesis file: where the ledger begins, the same for every node of the network. */
export type GenesisDocument = FoundedLedger | ContinuedLedger;

interface Wire extends NamedLedger {
  readonly format: 1;
  readonly operations?: readonly string[];
  readonly checkpoint?: string;
}
const FOUNDED = 'format network operations origin';
const CONTINUED = 'checkpoint format network origin';

/** Value of `app_state`. */
export function formatGenesis(genesis: GenesisDocument): Wire {
  const { network, origin } = genesis;
  if ('checkpoint' in genesis) return { format: 1, network, origin, checkpoint: genesis.checkpoint };
  const operations = genesis.operations.map((operation) => toBase64url(encodeOperation(operation)));
  return { format: 1, network, origin, operations };
}

/** @throws AppError genesis_refused naming the field; what decodeOperation throws */
export function parseGenesis(bytes: Bytes): GenesisDocument {
  const { network, origin, operations, checkpoint } = parseWire(bytes);
  if (checkpoint !== undefined) return { network, origin, checkpoint };
  return { network, origin, operations: (operations ?? []).map(parseOperation) };
}

function parseWire(bytes: Bytes): Wire {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw fail('genesis_refused', { field: 'app_state', cause });
  }
  const names = typeof value === 'object' && value !== null ? Object.keys(value).sort().join(' ') : '';
  const wire = value as Wire;
  const isFounded =
    names === FOUNDED &&
    Array.isArray(wire.operations) &&
    wire.operations.every((item) => typeof item === 'string');
  const isContinued = names === CONTINUED && typeof wire.checkpoint === 'string';
  if (!isFounded && !isContinued) throw fail('genesis_refused', { field: 'app_state' });
  if (typeof wire.network !== 'string' || typeof wire.origin !== 'string') {
    throw fail('genesis_refused', { field: 'app_state' });
  }
  if (wire.format !== 1) throw fail('genesis_refused', { field: 'format' });
  return wire;
}

function parseOperation(text: string, index: number): Operation {
  let bytes: Bytes;
  try {
    bytes = fromBase64url(text);
  } catch (cause) {
    throw fail('genesis_refused', { field: `operations/${index}`, cause });
  }
  return decodeOperation(bytes);
}
