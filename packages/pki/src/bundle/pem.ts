import { type Bytes, toBase64 } from '@attestel/core';
import type { TrustBundle } from './trust-bundle.ts';

/**
 * `application/pem-certificate-chain` is the only registered type of PEM with several certificates (RFC 8555 §9.1;
 * `x-pem-file` is nobody's). It asks for strict encoding and no text between, so a version stands in the headers.
 */
export const PEM_TYPE = 'application/pem-certificate-chain';

/** Strict text of one certificate (RFC 7468 §3). */
export const certificatePem = (der: Bytes): string =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(der).replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Empty where nobody is trusted. */
export const bundlePem = ({ anchors }: Pick<TrustBundle, 'anchors'>): string =>
  anchors.map(({ certificate }) => certificatePem(certificate)).join('');
