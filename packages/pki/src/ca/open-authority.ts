import { type Bytes, type Clock, type Random, type Store, unixSeconds, utf8 } from '@attestel/core';
import type { KeyRef, KeyStore } from '@attestel/keystore';
import { keyStoreSigningKey, type SigningKey } from '../asn1/signing-key.ts';
import {
  type CertificateAuthority,
  createAuthority,
  signResponderCertificate,
  signRootCertificate,
} from './authority.ts';

export interface OwnKeyOptions {
  readonly keyStore: KeyStore;
  /** Keeps what was signed once; no keys. */
  readonly store: Store;
  readonly key: KeyRef;
  readonly clock: Clock;
  readonly random: Random;
}

export interface OpenAuthorityOptions extends OwnKeyOptions {
  /** Of a key that is made now. */
  readonly algorithm: 'ES256' | 'RS256';
  /** DER of the CA's certificate, where another CA signed it. Absent: a root of its own, made once. */
  readonly certificate?: Bytes | undefined;
  /** Common name and seconds of validity of that root. */
  readonly root: { readonly name: string; readonly lifetime: number };
}

const TABLE = 'pki/certificates';
/** A root is valid from a little before it was made: clocks of devices run behind. */
const BACKDATED_SECONDS = 3600;

/**
 * A CA whose key is in a key store, where it stays.
 * @throws AppError ca_key_mismatch, key_not_found where a certificate is given and its key is not there
 */
export async function openAuthority(options: OpenAuthorityOptions): Promise<CertificateAuthority> {
  const { clock, random, algorithm, root } = options;
  if (options.certificate) {
    const key = await keyStoreSigningKey(options.keyStore, options.key);
    return createAuthority({ certificate: options.certificate, key, clock, random });
  }
  const key = await ensureSigningKey(options, algorithm);
  const notBefore = unixSeconds(clock) - BACKDATED_SECONDS;
  const certificate = await signedOnce(options, () =>
    signRootCertificate({ name: root.name, key, random, notBefore, notAfter: notBefore + root.lifetime }),
  );
  return createAuthority({ certificate, key, clock, random });
}

const RESPONDER_SECONDS = 5 * 365 * 86_400;

/**
 * Key and self-signed certificate of an OCSP responder that gateways trust locally, for CAs that did not delegate to
 * it (RFC 6960 §4.2.2.2); made once, because gateways have it in a file.
 */
export async function openResponder(
  options: OwnKeyOptions & { readonly name: string },
): Promise<{ readonly key: SigningKey; readonly certificate: Bytes }> {
  const key = await ensureSigningKey(options, 'ES256');
  const notBefore = unixSeconds(options.clock) - BACKDATED_SECONDS;
  const { name, random } = options;
  const certificate = await signedOnce(options, () =>
    signResponderCertificate({ name, key, random, notBefore, notAfter: notBefore + RESPONDER_SECONDS }),
  );
  return { key, certificate };
}

/** The key of that name, made where it is missing. @throws AppError signing_key_refused */
export async function ensureSigningKey(
  { keyStore, key }: Pick<OwnKeyOptions, 'keyStore' | 'key'>,
  algorithm: 'ES256' | 'RS256',
): Promise<SigningKey> {
  if (!(await keyStore.find(key)))
    await keyStore.generate({ ref: key, purpose: 'certificate-authority', algorithm });
  return keyStoreSigningKey(keyStore, key);
}

async function signedOnce({ store, key }: OwnKeyOptions, sign: () => Promise<Bytes>): Promise<Bytes> {
  const known = store.get(TABLE, utf8(key));
  if (known) return known;
  const certificate = await sign();
  await store.transact((writer) => writer.put(TABLE, utf8(key), certificate));
  return certificate;
}
