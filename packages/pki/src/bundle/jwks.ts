import { createPublicKey } from 'node:crypto';
import { toBase64 } from '@attestel/core';
import { parseCertificate } from '@attestel/x509';
import type { TrustBundle } from './trust-bundle.ts';

export interface SpiffeBundle {
  readonly spiffe_sequence: number;
  /** Seconds. */
  readonly spiffe_refresh_hint: number;
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/**
 * JWK Set of a bundle (SPIFFE Trust Domain and Bundle §4, X509-SVID §6.1): one entry a certificate, no `kid`. No keys
 * where nobody is trusted, which tells readers to refuse everybody (§4.1.3).
 */
export const bundleJwks = (
  { anchors }: Pick<TrustBundle, 'anchors'>,
  { sequence, refreshSeconds }: { readonly sequence: number; readonly refreshSeconds: number },
): SpiffeBundle => ({
  spiffe_sequence: sequence,
  spiffe_refresh_hint: refreshSeconds,
  keys: anchors.map(({ certificate }) => {
    const key = Buffer.from(parseCertificate(certificate).spki);
    const jwk = createPublicKey({ key, format: 'der', type: 'spki' }).export({ format: 'jwk' });
    return { use: 'x509-svid', ...jwk, x5c: [toBase64(certificate)] };
  }),
});
