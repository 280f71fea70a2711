import { type Bytes, type CborValue, decodeCbor } from '@attestel/core';
import { invalidOperation } from '../errors.ts';
import type { OperationPayload } from '../operation.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const NAMESPACE = /^[a-z0-9][a-z0-9./-]{0,63}$/;
const KIND = /^[a-z][A-Za-z0-9.-]{0,63}$/;
/** The ledger knows no DID: printable ASCII of bounded length is all it asks of an actor. */
const ACTOR = /^[!-~]{1,255}$/;
const ID_BYTES = 32;

type Fields = { readonly [field: string]: CborValue };
const FIELDS = ['v', 'network', 'ns', 'module', 'kind', 'actor', 'notAfter', 'body'];

/** Parses hostile bytes. @throws AppError operation_invalid naming field and rule */
export function decodePayload(bytes: Bytes): OperationPayload {
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch {
    throw invalidOperation('/payload', 'must be deterministic CBOR');
  }
  return parsePayload(value);
}

function parsePayload(value: CborValue): OperationPayload {
  if (!isMap(value)) throw invalidOperation('/payload', 'must be a map');
  for (const field of Object.keys(value)) {
    if (!FIELDS.includes(field) && field !== 'previous' && field !== 'sequence') {
      throw invalidOperation('/payload', 'has an unknown field');
    }
  }
  const { v, body } = value;
  if (v !== 1) throw invalidOperation('/payload/v', 'must be 1');
  if (body === undefined || !isMap(body)) throw invalidOperation('/payload/body', 'must be a map');
  return {
    v,
    network: text(value, 'network', NAME),
    ns: text(value, 'ns', NAMESPACE),
    module: text(value, 'module', NAME),
    kind: text(value, 'kind', KIND),
    actor: text(value, 'actor', ACTOR),
    ...parseOrder(value),
    notAfter: wholeNumber(value, 'notAfter'),
    body,
  };
}

/** Exactly one of the two: which one a module wants is checked when the module is known. */
function parseOrder(value: Fields): Pick<OperationPayload, 'previous' | 'sequence'> {
  const { previous, sequence } = value;
  if ((previous === undefined) === (sequence === undefined)) {
    throw invalidOperation('/payload', 'must have exactly one of previous and sequence');
  }
  if (previous === undefined) return { sequence: wholeNumber(value, 'sequence') };
  if (previous !== null && !(previous instanceof Uint8Array && previous.length === ID_BYTES)) {
    throw invalidOperation('/payload/previous', `must be null or ${ID_BYTES} bytes`);
  }
  return { previous };
}

function text(fields: Fields, field: string, pattern: RegExp): string {
  const value = fields[field];
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw invalidOperation(`/payload/${field}`, `must be text of the form ${pattern.source}`);
  }
  return value;
}

function wholeNumber(fields: Fields, field: string): number {
  const value = fields[field];
  if (typeof value !== 'number' || value < 0) {
    throw invalidOperation(`/payload/${field}`, 'must be a whole number');
  }
  return value;
}

const isMap = (value: CborValue): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
