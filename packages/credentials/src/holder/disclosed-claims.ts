import type { JsonObject } from '../jose/strict-json.ts';
import { parseSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { processDisclosures } from '../sd-jwt/process-disclosures.ts';
import { PLAIN_CLAIMS } from '../vc/claims.ts';
import { digestText, type Hash, webCryptoSha256 } from './hash.ts';

/**
 * Everything the disclosures at hand reveal, in place: for a stored SD-JWT all its claims, for a
 * selection what the verifier will see.
 */
export async function disclosedClaims(sdJwt: string, hash: Hash = webCryptoSha256): Promise<JsonObject> {
  const { issuerSigned, disclosures } = parseSdJwt(sdJwt);
  const digests = await Promise.all(disclosures.map(({ encoded }) => digestText(encoded, hash)));
  return processDisclosures(issuerSigned.payload, disclosures, digests, PLAIN_CLAIMS);
}
