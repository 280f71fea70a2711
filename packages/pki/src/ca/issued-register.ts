import { type Bytes, concatBytes, type Store } from '@attestel/core';
import { parseCertificate } from '@attestel/x509';
import { sha256 } from '../sha256.ts';

/** A certificate that this CA issued: the ledger knows only its hash, revocation lists need its serial. */
export interface IssuedEntry {
  /** SHA-256 of the certificate's DER. */
  readonly hash: Bytes;
  /** Magnitude. */
  readonly serial: Bytes;
  /** Unix seconds. */
  readonly notAfter: number;
}

export interface IssuedRegister {
  /** @param certificate DER */
  add(certificate: Bytes): Promise<void>;
  /** Of the CA with this name (DER), in no order that says when they were issued. */
  of(issuerName: Bytes): Iterable<IssuedEntry>;
}

const TABLE = 'pki/issued';
const HASH_BYTES = 32;
const TIME_BYTES = 8;

/** In the CA's own store, one row a certificate: SHA-256(issuer) ‖ hash → notAfter ‖ serial. */
export function createIssuedRegister(store: Store): IssuedRegister {
  return {
    async add(certificate) {
      const { issuer, serial, notAfter } = parseCertificate(certificate);
      const time = new Uint8Array(TIME_BYTES);
      new DataView(time.buffer).setBigUint64(0, BigInt(notAfter));
      const key = concatBytes(sha256(issuer), sha256(certificate));
      await store.transact((writer) => writer.put(TABLE, key, concatBytes(time, serial)));
    },
    *of(issuerName) {
      const from = sha256(issuerName);
      const to = concatBytes(from, new Uint8Array(HASH_BYTES + 1).fill(0xff));
      for (const [key, value] of store.range(TABLE, { from, to })) {
        const view = new DataView(value.buffer, value.byteOffset, TIME_BYTES);
        yield {
          hash: key.slice(HASH_BYTES),
          serial: value.slice(TIME_BYTES),
          notAfter: Number(view.getBigUint64(0)),
        };
      }
    },
  };
}
