/** What the publishing node tells once it listens. */
export interface PublisherReady {
  /** Party token of the vendor, whose certificates are published. */
  readonly token: string;
  /** Bodies of POST /v1/pki/certificates with one certificate each, a line each. */
  readonly bodiesFile: string;
  /** Devices that have not enrolled yet, as {@link StoredDevice}, a line each. */
  readonly devicesFile: string;
  /** Bodies of the same endpoint, each a whole pallet that wants its receipts. */
  readonly palletFiles: readonly string[];
}

/** Base64 of the DER of the vendor's certificate, PEM of its key. */
export interface StoredDevice {
  readonly certificate: string;
  readonly key: string;
}

export const CERTIFICATES_PATH = '/v1/pki/certificates';
export const CMP_PATH = '/.well-known/cmp';
