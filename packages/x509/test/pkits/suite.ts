import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAppError } from '@attestel/core';
import {
  type Certificate,
  createListStatus,
  parseCertificate,
  parseRevocationList,
  type RevocationList,
  validatePath,
} from '@attestel/x509';
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
    .flatMap((name) => readable(() => parseCertificate(file('certs', name))));
  return pool;
}

let lists: RevocationList[] | undefined;

function allLists(): RevocationList[] {
  lists ??= readdirSync(`${FOLDER}/crls`).flatMap((name) =>
    readable(() => parseRevocationList(file('crls', name))),
  );
  return lists;
}

function readable<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (isAppError(error)) return [];
    throw error;
  }
}

/** @throws AppError when the end entity's certificate or every path to it is refused */
export function validateCase(test: PkitsCase) {
  const initial = test.initial?.map((number) => `2.16.840.1.101.3.2.1.48.${number}`);
  const intermediates = allAuthorities();
  const limits = { depth: 8, pool: 512 };
  return validatePath({
    leaf: parseCertificate(file('certs', `${test.leaf}EE.crt`)),
    intermediates,
    anchors: [parseCertificate(file('certs', 'TrustAnchorRootCertificate.crt'))],
    at: PKITS_TIME,
    limits,
    checkStatus: createListStatus({ lists: allLists(), intermediates, at: PKITS_TIME, limits }),
    policies: {
      requireExplicit: test.explicit ?? false,
      inhibitMapping: test.inhibitMapping ?? false,
      inhibitAny: test.inhibitAny ?? false,
      ...(initial && { initial }),
    },
  });
}
