import { type Bytes, fromBase64url, fromUtf8, toBase64url } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Operation } from '../../operation.ts';
import { decodeOperation, encodeOperation } from '../../operations/decode-operation.ts';

/** `app_state` of the engine's genesis file: block 1 of the ledger, the same for every node of the network. */
export interface GenesisDocument {
  readonly network: string;
  readonly origin: string;
  readonly operations: readonly Operation[];
}

interface Wire {
  readonly format: 1;
  readonly network: string;
  readonly origin: string;
  readonly operations: readonly string[];
}
const FIELDS = 'format network operations origin';

/** Value of `app_state`. */
export const formatGenesis = ({ network, origin, operations }: GenesisDocument): Wire => ({
  format: 1,
  network,
  origin,
  operations: operations.map((operation) => toBase64url(encodeOperation(operation))),
});

/** @throws AppError genesis_refused naming the field; what decodeOperation throws */
export function parseGenesis(bytes: Bytes): GenesisDocument {
  const { network, origin, operations, format } = parseWire(bytes);
  if (format !== 1) throw fail('genesis_refused', { field: 'format' });
  return { network, origin, operations: operations.map(parseOperation) };
}

function parseWire(bytes: Bytes): Wire {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw fail('genesis_refused', { field: 'app_state', cause });
  }
  const wire = value as Wire;
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join(' ') !== FIELDS) {
    throw fail('genesis_refused', { field: 'app_state' });
  }
  const isList = Array.isArray(wire.operations) && wire.operations.every((item) => typeof item === 'string');
  if (typeof wire.network !== 'string' || typeof wire.origin !== 'string' || !isList) {
    throw fail('genesis_refused', { field: 'app_state' });
  }
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
