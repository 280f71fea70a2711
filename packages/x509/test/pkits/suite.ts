import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAppError } from '@attestel/core';
import { type Certificate, parseCertificate, validatePath } from '@attestel/x509';
import type { PkitsCase } from './cases.ts';

// Where Debian's package puts it.
const FOLDER =
  process.env.ATTESTEL_PKITS ?? '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data';

/** Whether to skip; under ATTESTEL_REQUIRE_ALL the tests run, and fail. */
export const missing = !existsSync(FOLDER) && process.env.ATTESTEL_REQUIRE_ALL !== '1';

/** Inside the validity of what PKITS means to be valid: 2010 to 2030. */
export const PKITS_TIME = Date.UTC(2020, 0) / 1000;

export const file = (folder: 'certs' | 'crls', name: string): Uint8Array =>
  readFileSync(`${FOLDER}/${folder}/${name}`);

let pool: Certificate[] | undefined;

/** Every CA certificate of the suite that our reader takes, unordered: finding the path is part of a case. */
function allAuthorities(): Certificate[] {
  pool ??= readdirSync(`${FOLDER}/certs`)
    .filter((name) => !name.endsWith('EE.crt') && name !== 'TrustAnchorRootCertificate.crt')
    .flatMap((name) => {
      try {
        return [parseCertificate(file('certs', name))];
      } catch (error) {
        if (isAppError(error)) return [];
        throw error;
      }
    });
  return pool;
}

/** @throws AppError when the end entity's certificate or every path to it is refused */
export function validateCase(test: PkitsCase) {
  const initial = test.initial?.map((number) => `2.16.840.1.101.3.2.1.48.${number}`);
  return validatePath({
    leaf: parseCertificate(file('certs', `${test.leaf}EE.crt`)),
    intermediates: allAuthorities(),
    anchors: [parseCertificate(file('certs', 'TrustAnchorRootCertificate.crt'))],
    at: PKITS_TIME,
    limits: { depth: 8, pool: 512 },
    policies: {
      requireExplicit: test.explicit ?? false,
      inhibitMapping: test.inhibitMapping ?? false,
      inhibitAny: test.inhibitAny ?? false,
      ...(initial && { initial }),
    },
  });
}
