import { readFileSync } from 'node:fs';
import { type AppError, multikeyFromJwk, type PublicJwk } from '@attestel/core';
import type { VerifiedCredential } from '@attestel/credentials';
import { verifyPresentation } from '@attestel/credentials';

const FOLDER = new URL('../../../conformance/vectors/sd-jwt/', import.meta.url);

export interface Parameters {
  readonly now: number;
  readonly audience: string;
  readonly nonce: string;
  readonly vcts: readonly string[];
  readonly issuer: string;
  readonly issuerDid: string;
  readonly kid: string;
  readonly issuerJwk: PublicJwk;
}

export interface Vector {
  readonly id: string;
  readonly clause: string;
  readonly text: string;
}

export function readVectors<T>(name: string): T & { readonly parameters: Parameters } {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as T & { readonly parameters: Parameters };
}

/** Verifies a vector's text as its parameters say. */
export function verifyVector(presentation: string, parameters: Parameters): Promise<VerifiedCredential> {
  const { now, audience, nonce, vcts, issuerDid, issuerJwk } = parameters;
  const key = multikeyFromJwk(issuerJwk);
  return verifyPresentation({
    presentation,
    audience,
    nonce,
    vcts,
    clock: { now: () => now * 1000 },
    issuerKeys: async () => ({ key, did: issuerDid }),
  });
}

/** Code of the refusal; the name of the class where it was no refusal of ours. */
export const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: Partial<AppError> & Error) => error.code ?? String(error),
  );
