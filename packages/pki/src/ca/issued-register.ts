import { type Bytes, concatBytes, type Store } from '@attestel/core';
import { type Certificate, parseCertificate } from '@attestel/x509';
import { sha256 } from '../sha256.ts';

/** A certificate that this CA issued: the ledger knows only its hash, revocation lists need its serial. */
export interface IssuedEntry {
  /** SHA-256 of the certificate's DER. */
  readonly hash: Bytes;
  /** Magnitude. */
  readonly serial: Bytes;
  /** Unix seconds. */
  readonly notAfter: number;
  /** Unix seconds from which it counts as taken back, unless the ledger has it by then. */
  readonly deadline: number;
}

export interface IssuedRegister {
  /**
   * Durable when it resolves, so that nothing is handed out that revocation lists do not know.
   * @param deadline unix seconds by which it is published, or never is
   */
  add(certificate: Certificate, deadline: number): Promise<void>;
  /** Nobody took it (DER): from `at` on it counts as taken back, unless the ledger has it. */
  giveUp(certificate: Bytes, at: number): Promise<void>;
  /** DER of the last certificate issued for a key (DER SubjectPublicKeyInfo). */
  ofKey(spki: Bytes): Bytes | undefined;
  /** Of the CA with this name (DER), in no order that says when they were issued. */
  of(issuerName: Bytes): Iterable<IssuedEntry>;
}

const TABLE = 'pki/issued';
const KEY_TABLE = 'pki/issued-keys';
const HASH_BYTES = 32;
const TIMES_BYTES = 16;

/**
 * In the CA's own store. One row a certificate: SHA-256(issuer) ‖ hash → notAfter ‖ deadline ‖ serial; one row a
 * key: SHA-256 of the key → certificate.
 */
export function createIssuedRegister(store: Store): IssuedRegister {
  return {
    async add(certificate, deadline) {
      const { key, value } = rowOf(certificate, deadline);
      await store.transact((writer) => {
        writer.put(TABLE, key, value);
        writer.put(KEY_TABLE, sha256(certificate.spki), certificate.der);
      });
    },
    async giveUp(certificate, at) {
      const { key, value } = rowOf(parseCertificate(certificate), at);
      await store.transact((writer) => writer.put(TABLE, key, value));
    },
    ofKey: (spki) => store.get(KEY_TABLE, sha256(spki)),
    *of(issuerName) {
      const from = sha256(issuerName);
      const to = concatBytes(from, new Uint8Array(HASH_BYTES + 1).fill(0xff));
      for (const [key, value] of store.range(TABLE, { from, to })) {
        const view = new DataView(value.buffer, value.byteOffset, TIMES_BYTES);
        yield {
          hash: key.slice(HASH_BYTES),
          serial: value.slice(TIMES_BYTES),
          notAfter: Number(view.getBigUint64(0)),
          deadline: Number(view.getBigUint64(8)),
        };
      }
    },
  };
}

function rowOf({ der, issuer, serial, notAfter }: Certificate, deadline: number) {
  const times = new Uint8Array(TIMES_BYTES);
  const view = new DataView(times.buffer);
  view.setBigUint64(0, BigInt(notAfter));
  view.setBigUint64(8, BigInt(deadline));
  return {
    key: concatBytes(sha256(issuer), sha256(der)),
    value: concatBytes(times, serial),
  };
}
