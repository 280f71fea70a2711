import { sameBytes } from '../bytes.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES, hashLeaf, type Sha256 } from '../hash.ts';
import { inclusionRoot } from '../log/inclusion.ts';
import { isKeyName } from '../note.ts';
import { array, byteString, createCborReader, integer, map, NULL, tagged, textString } from './cbor.ts';

/** COSE algorithms (RFC 9053 §2.1, §2.2): ECDSA P-256 with SHA-256 as r ‖ s, and Ed25519. */
const ALGORITHMS = { ES256: -7, EdDSA: -8 } as const;
export type CoseAlgorithm = keyof typeof ALGORITHMS;

/** Header labels (RFC 9052 §3.1; RFC 9597; RFC 9942 §2). */
const ALG = 1;
const KID = 4;
const CWT_CLAIMS = 15;
const VDS = 395;
const VDP = 396;
/** RFC9162_SHA256 and its inclusion proofs (RFC 9942 §5). */
const RFC9162_SHA256 = 1;
const INCLUSION = -1;
const ISSUER = 1;
const COSE_SIGN1_TAG = 18;

const SIGNATURE_BYTES = 64;
const MAX_KEY_ID_BYTES = 255;
const MAX_PATH = 63;
const MAX_BYTES = 8192;

/** What the signature is about: who signs with what, and for which ledger. */
export interface CoseReceiptSigner {
  readonly algorithm: CoseAlgorithm;
  /** How verifiers find the key, 1 to 255 bytes; a DID URL for instance. */
  readonly keyId: Uint8Array;
  /** Origin of the ledger, as in its checkpoints. */
  readonly origin: string;
}

/** That one leaf is in the log of one origin, by the word of one signer. */
export interface CoseReceipt extends CoseReceiptSigner {
  readonly index: number;
  readonly size: number;
  /** At least one hash (RFC 9942 §5.2): a log of one leaf has no COSE receipt. */
  readonly path: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

/** What the operator signs: Sig_structure (RFC 9052 §4.4) over the protected header and the log root. */
export const coseReceiptMessage = (signer: CoseReceiptSigner, root: Uint8Array): Uint8Array =>
  signatureInput(protectedHeader(signer), root);

/** @throws TypeError for members that no receipt can have */
export function encodeCoseReceipt(receipt: CoseReceipt): Uint8Array {
  const { keyId, origin, index, size, path, signature } = receipt;
  const fits =
    [index, size].every(Number.isSafeInteger) &&
    index >= 0 &&
    index < size &&
    isKeyName(origin) &&
    keyId.length > 0 &&
    keyId.length <= MAX_KEY_ID_BYTES &&
    signature.length === SIGNATURE_BYTES &&
    path.length > 0 &&
    path.length <= MAX_PATH &&
    path.every((hash) => hash.length === HASH_BYTES);
  if (!fits) throw new TypeError('COSE receipt: a member is out of range');
  const proof = array([integer(size), integer(index), array(path.map(byteString))]);
  const unprotected = map([[VDP, map([[INCLUSION, array([byteString(proof)])]])]]);
  const sign1 = array([byteString(protectedHeader(receipt)), unprotected, NULL, byteString(signature)]);
  return tagged(COSE_SIGN1_TAG, sign1);
}

/** Takes exactly the profile that {@link encodeCoseReceipt} writes. @throws ProofError cose_malformed */
export function decodeCoseReceipt(bytes: Uint8Array): CoseReceipt {
  if (bytes.length > MAX_BYTES) throw malformed('is too long');
  const reader = createCborReader(bytes);
  expect(reader.head('tag') === COSE_SIGN1_TAG && reader.head('array') === 4, 'must be a tagged COSE_Sign1');
  const signer = readProtected(reader.bytes());
  const proofs = [
    reader.head('map'),
    reader.integer(),
    reader.head('map'),
    reader.integer(),
    reader.head('array'),
  ];
  expect(
    proofs.join() === [1, VDP, 1, INCLUSION, 1].join(),
    'must hold one inclusion proof and nothing else',
  );
  const proof = readProof(reader.bytes());
  reader.null();
  const signature = reader.bytes();
  expect(signature.length === SIGNATURE_BYTES, 'signature must have 64 bytes');
  reader.end();
  return { ...signer, ...proof, signature };
}

/**
 * Whose receipt is taken. `verify` checks the signature over a message with the key that the caller trusts
 * for this origin; it must never throw on hostile bytes.
 */
export interface CoseTrust {
  readonly origin: string;
  readonly algorithm: CoseAlgorithm;
  readonly keyId: Uint8Array;
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}

/**
 * Checks that a leaf is in the log (RFC 9942 §5.2.1): the root comes from leaf and path, the signature must be over it.
 * One signer vouches for it, no quorum. Size and index are not signed: a path of the same turns leads to the same root from
 * other places in logs of other sizes. So they are no part of the answer; an event receipt proves the place.
 * @throws ProofError cose_malformed, checkpoint_wrong_origin, cose_wrong_key, path_truncated, path_excess,
 * cose_bad_signature (another leaf, path or signer)
 */
export async function verifyCoseReceipt(
  bytes: Uint8Array,
  leaf: Uint8Array,
  trust: CoseTrust,
  sha256: Sha256,
): Promise<{ readonly origin: string; readonly root: Uint8Array }> {
  const receipt = decodeCoseReceipt(bytes);
  const { origin, index, size, path, signature } = receipt;
  if (origin !== trust.origin) {
    throw new ProofError('checkpoint_wrong_origin', 'COSE receipt: of another ledger');
  }
  // The algorithm is the key's, never the receipt's choice (RFC 9052 §8).
  if (receipt.algorithm !== trust.algorithm || !sameBytes(receipt.keyId, trust.keyId)) {
    throw new ProofError('cose_wrong_key', 'COSE receipt: by another key');
  }
  const root = inclusionRoot(sha256, { leafHash: hashLeaf(sha256, leaf), index, size, path });
  if ((await trust.verify(coseReceiptMessage(receipt, root), signature)) !== true) {
    throw new ProofError('cose_bad_signature', 'COSE receipt: the key did not sign a log with this leaf');
  }
  return { origin, root };
}

const protectedHeader = ({ algorithm, keyId, origin }: CoseReceiptSigner): Uint8Array =>
  map([
    [ALG, integer(ALGORITHMS[algorithm])],
    [KID, byteString(keyId)],
    [CWT_CLAIMS, map([[ISSUER, textString(origin)]])],
    [VDS, integer(RFC9162_SHA256)],
  ]);

/** Sig_structure of a COSE_Sign1 without external data (RFC 9052 §4.4). */
export const signatureInput = (protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array =>
  array([
    textString('Signature1'),
    byteString(protectedBytes),
    byteString(new Uint8Array()),
    byteString(payload),
  ]);

function readProtected(bytes: Uint8Array): CoseReceiptSigner {
  const reader = createCborReader(bytes);
  expect(
    reader.head('map') === 4 && reader.integer() === ALG,
    'must name algorithm, key, origin and structure',
  );
  const value = reader.integer();
  const algorithm = (['ES256', 'EdDSA'] as const).find((name) => ALGORITHMS[name] === value);
  expect(reader.integer() === KID, 'must name its key');
  const keyId = reader.bytes();
  const claims = [reader.integer(), reader.head('map'), reader.integer()];
  expect(claims.join() === [CWT_CLAIMS, 1, ISSUER].join(), 'must name its issuer and claim nothing else');
  const origin = reader.text();
  expect(reader.integer() === VDS && reader.integer() === RFC9162_SHA256, 'must be of an RFC 9162 log');
  reader.end();
  expect(
    isKeyName(origin) && keyId.length > 0 && keyId.length <= MAX_KEY_ID_BYTES,
    'has a bad name or key id',
  );
  if (algorithm === undefined) throw malformed('has an unknown algorithm');
  return { algorithm, keyId, origin };
}

function readProof(bytes: Uint8Array): Pick<CoseReceipt, 'index' | 'size' | 'path'> {
  const reader = createCborReader(bytes);
  expect(reader.head('array') === 3, 'proof must be size, index, path');
  const [size, index, length] = [reader.head('unsigned'), reader.head('unsigned'), reader.head('array')];
  expect(index < size, 'index must be below the size');
  expect(length > 0 && length <= MAX_PATH, `path must have 1 to ${MAX_PATH} hashes`);
  const path = Array.from({ length }, () => reader.bytes());
  expect(
    path.every((hash) => hash.length === HASH_BYTES),
    'hashes must have 32 bytes',
  );
  reader.end();
  return { size, index, path };
}

function expect(holds: boolean, rule: string): void {
  if (!holds) throw malformed(rule);
}

const malformed = (rule: string): ProofError => new ProofError('cose_malformed', `COSE receipt: ${rule}`);
