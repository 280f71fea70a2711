import { type Clock, type MultikeyBytes, type Signer, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { fail } from '../errors.ts';
import { headerAlgorithm, parseCompactJws, signCompactJws } from '../jose/compact-jws.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';
import { isSignatureValid, toVerificationKey } from '../jose/verify-signature.ts';
import { CLOCK_SKEW_SECONDS, LIMITS } from '../limits.ts';
import { resolveAssertionKey } from '../trust/assertion-key.ts';

export const PORTING_TYP = 'attestel-porting+jwt';

/** The operator `from` hands the person on this line over to the operator `to` (携号转网). */
export interface PortingRecord {
  readonly handle: string;
  /** DIDs of the operators. */
  readonly from: string;
  readonly to: string;
  /** Unix seconds. */
  readonly at: number;
}

export interface CreatePortingOptions extends PortingRecord {
  /** DID URL of an assertion key of `from`. */
  readonly kid: string;
  readonly signer: Signer;
}

/** Compact JWS by the operator that lets the line go. */
export function createPortingRecord(options: CreatePortingOptions): Promise<string> {
  const { handle, from, to, at, kid, signer } = options;
  if (!kid.startsWith(`${from}#`))
    throw new TypeError('a porting record is signed by the operator that hands over');
  return signCompactJws({ typ: PORTING_TYP, kid }, { handle, from, to, at }, signer);
}

export interface VerifyPortingOptions {
  readonly resolver: DidResolver;
  readonly clock: Clock;
  /** Whether a DID is, or was when it signed, an operator of the consortium. */
  readonly isOperator: (did: string) => boolean;
}

const HANDLE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:-]{1,200}$/;

/** Verifies one record: signed by `from`, an operator, to another operator, not in the future. */
export async function verifyPortingRecord(
  options: VerifyPortingOptions & { readonly record: string },
): Promise<PortingRecord> {
  const jws = parseCompactJws(options.record, decodeBase64url);
  const algorithm = headerAlgorithm(jws.header);
  if (jws.header.typ !== PORTING_TYP) throw fail('porting_typ_wrong');
  if (jws.header.crit !== undefined) throw fail('crit_not_understood');
  const record = readRecord(jws.payload);
  if (record.at - CLOCK_SKEW_SECONDS > unixSeconds(options.clock)) throw fail('porting_from_the_future');
  const { kid } = jws.header;
  if (typeof kid !== 'string' || !kid.startsWith(`${record.from}#`)) throw fail('porting_signer_wrong');
  if (!options.isOperator(record.from) || !options.isOperator(record.to)) throw fail('porting_signer_wrong');
  const key = toVerificationKey(await keyOfDonor(options.resolver, record.from, kid));
  if (key.algorithm !== algorithm) throw fail('alg_not_allowed');
  if (!isSignatureValid(key, jws.signingInput, jws.signature)) throw fail('signature_invalid');
  return record;
}

/**
 * Verifies the records beside a disclosed handle: all about this handle, each continuing the one before,
 * the last one leading to the issuer of the credential. Returns the earlier operators' DIDs, oldest first:
 * under these the person may be known already.
 */
export async function verifyPortingRecords(
  options: VerifyPortingOptions & {
    readonly records: readonly string[];
    readonly handle: string;
    readonly issuerDid: string;
  },
): Promise<readonly string[]> {
  if (options.records.length > LIMITS.portingRecords) throw fail('porting_malformed');
  const chain: PortingRecord[] = [];
  for (const record of options.records) chain.push(await verifyPortingRecord({ ...options, record }));
  chain.forEach((record, i) => {
    const next = chain[i + 1];
    const continues = record.to === (next?.from ?? options.issuerDid) && record.at <= (next?.at ?? record.at);
    if (record.handle !== options.handle || !continues) throw fail('porting_broken_chain');
  });
  return chain.map(({ from }) => from);
}

function readRecord(payload: Readonly<Record<string, unknown>>): PortingRecord {
  const { handle, from, to, at, ...others } = payload;
  if (Object.keys(others).length > 0) throw fail('porting_malformed');
  if (typeof handle !== 'string' || !HANDLE.test(handle))
    throw fail('porting_malformed', { field: 'handle' });
  if (typeof from !== 'string' || !DID.test(from)) throw fail('porting_malformed', { field: 'from' });
  if (typeof to !== 'string' || !DID.test(to) || to === from)
    throw fail('porting_malformed', { field: 'to' });
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0)
    throw fail('porting_malformed', { field: 'at' });
  return { handle, from, to, at };
}

async function keyOfDonor(resolver: DidResolver, did: string, kid: string): Promise<MultikeyBytes> {
  try {
    return await resolveAssertionKey(resolver, did, kid);
  } catch (cause) {
    throw fail('porting_signer_wrong', { cause });
  }
}
