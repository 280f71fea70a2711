import { compareBytes, equalBytes, type MultikeyBytes, type Signer, toHex } from '@attestel/core';
import {
  decodeOperation,
  encodeOperation,
  type Operation,
  type OperationSignature,
  signedBytes,
  verifySignature,
} from '@attestel/ledger';
import { toDocument } from '../document/document.ts';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { checkDocument } from '../state/check-document.ts';
import { parseDidOperation } from '../state/operation-body.ts';
import type { DidDocument } from '../types.ts';

/**
 * Adds one signature to an operation that others began. An operation with some of its signatures has
 * the form of a whole one, so it travels as `encodeOperation` writes it and no key leaves its store.
 * Who has signed already changes nothing. Look at what you sign: `operation.payload` and
 * {@link documentOfOperation} say it.
 * @throws AppError signature_foreign when the operation does not name the key; as {@link joinSignatures}
 * and {@link documentOfOperation}
 */
export async function cosign(operation: Operation, signer: Signer): Promise<Operation> {
  const key = signer.publicKey;
  // Everything is checked before the key is used, on what the bytes say and not on what came beside them.
  const begun = joinSignatures([operation]);
  if (!namedKeys(begun).keys.some((named) => equalBytes(named, key))) throw fail('signature_foreign');
  documentOfOperation(begun);
  if (begun.signatures.some((signature) => equalBytes(signature.key, key))) return begun;
  const signature = await signer.sign(signedBytes(begun.payloadBytes));
  return joinSignatures([begun, { ...begun, signatures: [{ key, signature }] }]);
}

/**
 * One operation with the signatures of all parts, whatever their order.
 * @throws AppError operation_differs, signature_foreign, signature_invalid, and as a ledger's parser
 */
export function joinSignatures(parts: readonly Operation[]): Operation {
  const [first] = parts;
  if (first === undefined) throw new TypeError('joinSignatures: no parts');
  if (!parts.every((part) => isSameChange(part, first))) throw fail('operation_differs');
  const named = new Set(namedKeys(decodeOperation(encodeOperation(first))).keys.map(toHex));
  const message = signedBytes(first.payloadBytes);
  const signatures = new Map<string, OperationSignature>();
  for (const { key, signature } of parts.flatMap((part) => part.signatures)) {
    if (!named.has(toHex(key))) throw fail('signature_foreign');
    if (!verifySignature(key, message, signature)) throw fail('signature_invalid');
    if (!signatures.has(toHex(key))) signatures.set(toHex(key), { key, signature });
  }
  const ordered = [...signatures.values()].sort((a, b) => compareBytes(a.key, b.key));
  return decodeOperation(encodeOperation({ ...first, signatures: ordered }));
}

/**
 * Keys whose signature the operation waits for; empty when there is nothing to wait for. Whether they are
 * as many as the DID's threshold asks is known to the ledger alone, except for a creation.
 * @throws AppError as a validator about the operation's form
 */
export function missingSigners(operation: Operation): readonly MultikeyBytes[] {
  const { keys, needed } = namedKeys(operation);
  const signed = new Set(operation.signatures.map(({ key }) => toHex(key)));
  const missing = keys.filter((key) => !signed.has(toHex(key)));
  return keys.length - missing.length >= needed ? [] : missing;
}

/**
 * The document that a creation or an update stands for; null where an operation sets none.
 * @throws AppError as a validator about the operation's form and its document
 */
export function documentOfOperation(operation: Operation): DidDocument | null {
  const parsed = parseDidOperation(operation, sha256);
  const attachment = checkDocument(parsed, sha256);
  return attachment && toDocument(attachment.template, parsed.did);
}

/** Control keys that the signed bytes name, and how many of them have to sign. */
function namedKeys(operation: Operation): { keys: readonly MultikeyBytes[]; needed: number } {
  const parsed = parseDidOperation(operation, sha256);
  if (parsed.kind === 'create') return { keys: parsed.genesis.keys, needed: parsed.genesis.threshold };
  return { keys: parsed.body.keys, needed: parsed.body.keys.length };
}

/** Same signed bytes, same document beside them: parts come from one draft. */
const isSameChange = (a: Operation, b: Operation): boolean =>
  equalBytes(a.payloadBytes, b.payloadBytes) &&
  (a.attachment === null || b.attachment === null
    ? a.attachment === b.attachment
    : equalBytes(a.attachment, b.attachment));
