import type { Signer } from '@attestel/core';
import { fail } from '../errors.ts';
import { signCompactJws } from '../jose/compact-jws.ts';
import { parseStrictObject } from '../jose/strict-json.ts';
import { LIMITS } from '../limits.ts';
import { readVcModel, type Vc, writeVcModel } from './vc-model.ts';
import { VC_CTY, VC_JWT_TYP } from './verify-vc.ts';

export interface IssueVcOptions {
  readonly vc: Vc;
  /** DID URL of an assertion key of the issuer. */
  readonly kid: string;
  readonly signer: Pick<Signer, 'algorithm' | 'sign'>;
}

/** Base64url makes four characters of three bytes; a character may be three bytes; the rest is room for the header. */
const MAX_PAYLOAD = LIMITS.vcChars / 4 - 512;

/**
 * Signs a credential of an organisation (VC-JOSE-COSE §3.1.1). What a verifier would refuse is never signed.
 * @throws AppError vc_…; TypeError where the key is another's
 */
export async function issueVc({ vc, kid, signer }: IssueVcOptions): Promise<string> {
  if (!kid.startsWith(`${vc.issuer}#`)) throw new TypeError('vc: the issuer signs with a key of its own');
  if (Object.hasOwn(vc.claims, 'id')) throw fail('vc_subject_malformed');
  const payload = writeVcModel(vc);
  const text = JSON.stringify(payload);
  if (text.length > MAX_PAYLOAD) throw fail('jws_too_large');
  readVcModel(parseStrictObject(text));
  return signCompactJws({ typ: VC_JWT_TYP, cty: VC_CTY, kid }, payload, signer);
}
