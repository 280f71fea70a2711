import { type Bytes, fromUtf8, utf8 } from '@attestel/core';
import type { Handle } from 'pkcs11js';
import { fail } from '../errors.ts';
import type { HeldKey } from '../key-store.ts';
import { assertRef, assertUse } from '../key-store.ts';
import type { KeyAlgorithm, KeyInfo, KeyPurpose } from '../port.ts';
import { readPublicJwk } from './public-jwk.ts';
import type { Session } from './token.ts';

/** A private or secret key on the token, and the public key beside it. */
export interface TokenKey {
  readonly handle: Handle;
  readonly publicHandle: Handle | undefined;
  /** Undefined for secret keys. */
  readonly publicJwk: Readonly<Record<string, string>> | undefined;
}

/**
 * Objects of one key have its ref as CKA_LABEL, and `PURPOSE CREATED` (unix seconds) as CKA_ID. Who makes a key with
 * another program for use here gives it those.
 */
export const keyId = ({ purpose, createdAt }: Pick<KeyInfo, 'purpose' | 'createdAt'>): Bytes =>
  utf8(`${purpose} ${createdAt}`);

const ID = /^([a-z-]{1,40}) ([0-9]{1,15})$/;
const PURPOSES: ReadonlySet<string> = new Set<KeyPurpose>([
  'did-control',
  'ledger',
  'assertion',
  'checkpoint',
  'holder',
  'dpop',
  'token',
  'certificate-authority',
  'derivation',
]);

/** Keys of this form that may be used; whatever else is on the token is left alone. @throws AppError token_unavailable */
export function listKeys(session: Session): ReadonlyMap<string, HeldKey<TokenKey>> {
  const { CKO_PRIVATE_KEY, CKO_SECRET_KEY } = session.cryptoki;
  const found = new Map<string, HeldKey<TokenKey>>();
  for (const objects of [CKO_PRIVATE_KEY, CKO_SECRET_KEY]) {
    for (const handle of findObjects(session, objects)) {
      const info = infoOf(session, handle);
      if (!info) continue;
      // Which of them is meant, nobody can say.
      if (found.has(info.ref)) throw fail('token_unavailable', { field: `two keys named ${info.ref}` });
      found.set(info.ref, { info, key: withPublicKey(session, info, handle) });
    }
  }
  return found;
}

/** Objects of a class that stay on the token, with this label and id where they are given. */
function findObjects(
  { cryptoki, library, handle }: Session,
  objects: number,
  named?: KeyInfo,
): readonly Handle[] {
  const { CKA_CLASS, CKA_TOKEN, CKA_LABEL, CKA_ID } = cryptoki;
  const name = named
    ? [
        { type: CKA_LABEL, value: named.ref },
        { type: CKA_ID, value: Buffer.from(keyId(named)) },
      ]
    : [];
  library.C_FindObjectsInit(handle, [
    { type: CKA_CLASS, value: objects },
    { type: CKA_TOKEN, value: true },
    ...name,
  ]);
  try {
    const all: Handle[] = [];
    for (let next = library.C_FindObjects(handle); next; next = library.C_FindObjects(handle)) all.push(next);
    return all;
  } finally {
    library.C_FindObjectsFinal(handle);
  }
}

/** Undefined for a key that is not of our form. */
function infoOf({ cryptoki, library, handle }: Session, key: Handle): KeyInfo | undefined {
  const { CKA_LABEL, CKA_ID, CKA_KEY_TYPE } = cryptoki;
  const [label, id, type] = library
    .C_GetAttributeValue(handle, key, [{ type: CKA_LABEL }, { type: CKA_ID }, { type: CKA_KEY_TYPE }])
    .map(({ value }) => value as Buffer) as [Buffer, Buffer, Buffer];
  const algorithm = algorithmOf(cryptoki, type);
  const [, purpose = '', created] = ID.exec(id.toString('latin1')) ?? [];
  if (!algorithm || !PURPOSES.has(purpose)) return undefined;
  const info = { purpose: purpose as KeyPurpose, algorithm, createdAt: Number(created) };
  try {
    const ref = fromUtf8(label);
    assertRef(ref);
    assertUse(info.purpose, algorithm);
    return { ref, ...info };
  } catch {
    return undefined;
  }
}

function algorithmOf(cryptoki: Session['cryptoki'], type: Buffer): KeyAlgorithm | undefined {
  // CK_ULONG: four bytes or eight.
  const number = type.readUIntLE(0, 4);
  if (number === cryptoki.CKK_EC) return 'ES256';
  if (number === cryptoki.CKK_RSA) return 'RS256';
  return number === cryptoki.CKK_GENERIC_SECRET ? 'HS256' : undefined;
}

/** @throws AppError token_unavailable where a private key has lost its public one, or is of another curve or size */
export function withPublicKey(session: Session, info: KeyInfo, handle: Handle): TokenKey {
  if (info.algorithm === 'HS256') return { handle, publicHandle: undefined, publicJwk: undefined };
  const [publicHandle, ...more] = findObjects(session, session.cryptoki.CKO_PUBLIC_KEY, info);
  const publicJwk = publicHandle && readPublicJwk(session, info.algorithm, publicHandle);
  if (!publicJwk || more.length > 0) {
    throw fail('token_unavailable', { field: `the public key of ${info.ref}` });
  }
  return { handle, publicHandle, publicJwk };
}
