import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { type Bytes, equalBytes } from './bytes.ts';

/**
 * The values Attestel signs and stores: no floats, no tags, no undefined, text map keys only.
 * Integers are safe JavaScript integers; larger ones do not occur in signed bytes.
 */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Bytes
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

const MAX_DEPTH = 16;

/**
 * Deterministic CBOR (RFC 8949 §4.2.1: shortest integers, definite lengths, map keys in bytewise
 * order of their encodings). @throws TypeError on a value outside {@link CborValue}
 */
export function encodeCbor(value: CborValue): Bytes {
  assertPlain(value, 0);
  return encode(value, rfc8949EncodeOptions);
}

/**
 * Decodes hostile bytes; accepts exactly what {@link encodeCbor} writes.
 * @throws TypeError on anything else (indefinite length, floats, tags, duplicate or unsorted keys)
 */
export function decodeCbor(bytes: Bytes): CborValue {
  assertNesting(bytes);
  let value: unknown;
  try {
    value = decode(bytes, {
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: false,
      strict: true,
      rejectDuplicateMapKeys: true,
    });
    assertPlain(value, 0);
  } catch (cause) {
    throw new TypeError('cbor: not in the accepted form', { cause });
  }
  // One value, one spelling: whatever the decoder lets through must encode to the same bytes.
  if (!equalBytes(encode(value, rfc8949EncodeOptions), bytes)) throw new TypeError('cbor: not deterministic');
  return value;
}

function assertPlain(value: unknown, depth: number): asserts value is CborValue {
  if (depth > MAX_DEPTH) throw new TypeError(`cbor: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('cbor: text with a lone surrogate');
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('cbor: only safe integers');
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) assertPlain(item, depth + 1);
    return;
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError('cbor: unsupported value');
  }
  for (const [key, item] of Object.entries(value)) {
    assertPlain(key, depth);
    assertPlain(item, depth + 1);
  }
}

/** Bounds recursion before the decoder runs. @throws TypeError when nested too deeply or truncated */
function assertNesting(bytes: Bytes): void {
  const open: number[] = []; // items still missing in each container around the current item
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    at = head.next;
    if (head.major === 6) throw new TypeError('cbor: tags are not accepted');
    if (head.major === 2 || head.major === 3) at += head.argument;
    const items = head.major === 4 ? head.argument : head.major === 5 ? 2 * head.argument : 0;
    if (at + items > bytes.length) throw new TypeError('cbor: truncated');
    if (items > 0) {
      if (open.push(items) > MAX_DEPTH + 1) throw new TypeError(`cbor: nested deeper than ${MAX_DEPTH}`);
      continue;
    }
    while (open.length > 0) {
      const left = (open.pop() as number) - 1;
      if (left > 0) {
        open.push(left);
        break;
      }
    }
  }
}

function readHead(bytes: Bytes, at: number): { major: number; argument: number; next: number } {
  const initial = bytes[at] as number;
  const info = initial & 31;
  if (info > 27) throw new TypeError('cbor: indefinite or reserved length');
  const width = info < 24 ? 0 : 1 << (info - 24);
  const next = at + 1 + width;
  if (next > bytes.length) throw new TypeError('cbor: truncated');
  let argument = width === 0 ? info : 0;
  for (let i = at + 1; i < next; i++) argument = argument * 256 + (bytes[i] as number);
  return { major: initial >> 5, argument, next };
}
