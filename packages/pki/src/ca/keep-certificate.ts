import { type Bytes, type Clock, isAppError, type Logger, unixSeconds } from '@attestel/core';
import { parseCertificate } from '@attestel/x509';

export interface KeptCertificateOptions {
  readonly issue: () => Promise<Bytes>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** From that part of its life on, a certificate is replaced. */
const RENEWED_AFTER = 2 / 3;

/**
 * A certificate of one of the node's own services: issued at the start, and again when it is asked for in the last third
 * of its life. Until the new one is there, the old one serves.
 * @throws AppError what issuing throws
 */
export async function keepCertificate({
  issue,
  clock,
  logger,
}: KeptCertificateOptions): Promise<() => Bytes> {
  let certificate = await issue();
  let isRenewing = false;
  const renew = async (): Promise<void> => {
    try {
      certificate = await issue();
    } catch (error) {
      logger.error('certificate_not_renewed', { code: isAppError(error) ? error.code : 'internal' });
    } finally {
      isRenewing = false;
    }
  };
  return () => {
    const { notBefore, notAfter } = parseCertificate(certificate);
    const age = unixSeconds(clock) - notBefore;
    if (age > RENEWED_AFTER * (notAfter - notBefore) && !isRenewing) {
      isRenewing = true;
      void renew();
    }
    return certificate;
  };
}
