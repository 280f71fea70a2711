import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Bytes, multikeyToJwk, type PublicJwk, type Signer, systemClock } from '@attestel/core';
import {
  type IssueOptions,
  issueSdJwtVc,
  issueSdJwtVcBatch,
  PHONE_NUMBER_VCT,
  validityWindow,
} from '@attestel/credentials';
import { createPresentation } from '@attestel/credentials/holder';
import { createMemoryKeyStore } from '@attestel/keystore';

export const AUDIENCE = 'decentralized_identifier:did:mno:bench';
export const NONCE = 'bench-nonce-0123456789';
export const DID = 'did:mno:zQmBench';
export const ISSUER = 'https://issuer.example';
/** Holder keys in turn: a verifier sees each once, as with credentials that are used once. */
export const HOLDERS = 200;

export const CLAIMS = {
  phone_number: '+990123456789',
  phone_number_verified: true,
  country: 'ZZ',
  subscription_handle: 'A'.repeat(43),
};

export interface Material {
  readonly issuer: Signer;
  readonly issuerJwk: PublicJwk;
  readonly issuerKey: KeyObject;
  readonly x5c: readonly Bytes[];
  readonly holders: readonly Signer[];
  readonly presentations: readonly string[];
}

export const plainClaims = (): IssueOptions['claims'] => ({
  vct: PHONE_NUMBER_VCT,
  iss: ISSUER,
  ...validityWindow({ clock: systemClock, days: 14 }),
  status: { status_list: { idx: 7, uri: `${ISSUER}/status-lists/1` } },
});

export async function makeMaterial(): Promise<Material> {
  const keyStore = createMemoryKeyStore();
  const newSigner = async (ref: string, purpose: 'assertion' | 'holder'): Promise<Signer> => {
    await keyStore.generate({ purpose, algorithm: 'ES256', ref });
    return keyStore.signer(ref);
  };
  const issuer = await newSigner('issuer', 'assertion');
  const holders = await Promise.all(
    Array.from({ length: HOLDERS }, (_, i) => newSigner(`holder-${i}`, 'holder')),
  );
  const issuerJwk = multikeyToJwk(issuer.publicKey);
  const issuerKey = createPublicKey({ key: { ...issuerJwk }, format: 'jwk' });
  // Stands for the certificate: as long as one, and not looked at by what is measured here.
  const x5c = [new Uint8Array(520).fill(0x30)];
  const presentations = await Promise.all(
    holders.map(async (holder) => {
      const sdJwt = await issue({ issuer, x5c, cnfJwk: multikeyToJwk(holder.publicKey) });
      const options = { audience: AUDIENCE, nonce: NONCE, signer: holder, clock: systemClock };
      return createPresentation({ sdJwt, disclose: Object.keys(CLAIMS), ...options });
    }),
  );
  return { issuer, issuerJwk, issuerKey, x5c, holders, presentations };
}

export const issue = (options: {
  issuer: Signer;
  x5c: readonly Bytes[];
  cnfJwk: PublicJwk;
}): Promise<string> =>
  issueSdJwtVc({
    kid: `${DID}#key-1`,
    x5c: options.x5c,
    signer: options.issuer,
    claims: plainClaims(),
    disclosable: CLAIMS,
    cnfJwk: options.cnfJwk,
  });

/** Ten copies for ten keys, as one credential request asks for them. */
export function issueBatch(options: {
  issuer: Signer;
  x5c: readonly Bytes[];
  cnfJwks: readonly PublicJwk[];
}): Promise<string[]> {
  const { status, ...claims } = plainClaims();
  return issueSdJwtVcBatch({
    kid: `${DID}#key-1`,
    x5c: options.x5c,
    signer: options.issuer,
    claims,
    disclosable: CLAIMS,
    copies: options.cnfJwks.map((cnfJwk) => ({ cnfJwk, status })),
  });
}
