import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import type { Mechanism } from 'pkcs11js';
import type { KeyMaterial } from '../key-store.ts';
import type { KeyInfo } from '../port.ts';
import { keyId, type TokenKey, withPublicKey } from './key-objects.ts';
import { P256_OID, RSA_BITS } from './public-jwk.ts';
import type { Session, Token } from './token.ts';

const SECRET_BYTES = 32;
/** Of the longest signature: RSA with 4096 bits. */
const MAX_SIGNATURE_BYTES = 512;

/** Keys that are made on a token and never leave it: sensitive, and not extractable from the first moment. */
export const tokenMaterial = (token: Token): KeyMaterial<TokenKey> => ({
  generate: (info) =>
    token.use((session) =>
      info.algorithm === 'HS256' ? generateSecret(session, info) : generatePair(session, info),
    ),
  publicJwk({ publicJwk }) {
    if (!publicJwk) throw new TypeError('token: a secret key has no public one');
    return publicJwk;
  },
  sign: (algorithm, key, message) =>
    token.use((session) => {
      const { CKM_ECDSA, CKM_SHA256_RSA_PKCS } = session.cryptoki;
      return algorithm === 'ES256'
        ? // r ‖ s of a hash (PKCS #11 v2.40 §2.3.6 of the mechanisms)
          signWith(session, { mechanism: CKM_ECDSA }, key, createHash('sha256').update(message).digest())
        : signWith(session, { mechanism: CKM_SHA256_RSA_PKCS }, key, Buffer.from(message));
    }),
  mac: (key, message) =>
    token.use((session) =>
      signWith(session, { mechanism: session.cryptoki.CKM_SHA256_HMAC }, key, Buffer.from(message)),
    ),
});

export const destroyObjects = ({ library, handle }: Session, key: TokenKey): void => {
  library.C_DestroyObject(handle, key.handle);
  if (key.publicHandle) library.C_DestroyObject(handle, key.publicHandle);
};

async function signWith(
  { library, handle }: Session,
  mechanism: Mechanism,
  key: TokenKey,
  data: Buffer,
): Promise<Bytes> {
  library.C_SignInit(handle, mechanism, key.handle);
  return new Uint8Array(await library.C_SignAsync(handle, data, Buffer.alloc(MAX_SIGNATURE_BYTES)));
}

async function generatePair(session: Session, info: KeyInfo): Promise<TokenKey> {
  const { cryptoki, library, handle } = session;
  const [mechanism, kind] =
    info.algorithm === 'ES256'
      ? ([cryptoki.CKM_EC_KEY_PAIR_GEN, [{ type: cryptoki.CKA_EC_PARAMS, value: P256_OID }]] as const)
      : ([
          cryptoki.CKM_RSA_PKCS_KEY_PAIR_GEN,
          [
            { type: cryptoki.CKA_MODULUS_BITS, value: RSA_BITS },
            { type: cryptoki.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
          ],
        ] as const);
  const pair = await library.C_GenerateKeyPairAsync(
    handle,
    { mechanism },
    [...common(session, info), { type: cryptoki.CKA_VERIFY, value: true }, ...kind],
    [...common(session, info), ...secrecy(session)],
  );
  return withPublicKey(session, info, pair.privateKey);
}

async function generateSecret(session: Session, info: KeyInfo): Promise<TokenKey> {
  const { cryptoki, library, handle } = session;
  const made = await library.C_GenerateKeyAsync(handle, { mechanism: cryptoki.CKM_GENERIC_SECRET_KEY_GEN }, [
    ...common(session, info),
    ...secrecy(session),
    { type: cryptoki.CKA_VALUE_LEN, value: SECRET_BYTES },
    { type: cryptoki.CKA_ENCRYPT, value: false },
    { type: cryptoki.CKA_WRAP, value: false },
  ]);
  return withPublicKey(session, info, made);
}

const common = ({ cryptoki }: Session, info: KeyInfo) => [
  { type: cryptoki.CKA_TOKEN, value: true },
  { type: cryptoki.CKA_LABEL, value: info.ref },
  { type: cryptoki.CKA_ID, value: Buffer.from(keyId(info)) },
];

/** Tokens that are not told what a key is not for allow it. */
const secrecy = ({ cryptoki }: Session) => [
  { type: cryptoki.CKA_PRIVATE, value: true },
  { type: cryptoki.CKA_SENSITIVE, value: true },
  { type: cryptoki.CKA_EXTRACTABLE, value: false },
  { type: cryptoki.CKA_SIGN, value: true },
  { type: cryptoki.CKA_DECRYPT, value: false },
  { type: cryptoki.CKA_UNWRAP, value: false },
];
