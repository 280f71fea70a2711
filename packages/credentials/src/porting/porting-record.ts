import { type Clock, type MultikeyBytes, type Signer, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { Registry } from '@attestel/registry';
import { fail } from '../errors.ts';
import { type CompactJws, headerAlgorithm, parseCompactJws, signCompactJws } from '../jose/compact-jws.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';
import { isSignatureValid, toVerificationKey } from '../jose/verify-signature.ts';
import { CLOCK_SKEW_SECONDS, LIMITS } from '../limits.ts';
import { resolveAssertionKeyAt } from '../trust/assertion-key.ts';
import { wasOperator } from './was-operator.ts';

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
  /** Both parties must have been operators when the record was made. */
  readonly registry: Pick<Registry, 'member'>;
}

export interface PortingChainOptions {
  /** Compact JWS, oldest first. */
  readonly records: readonly string[];
  /** Where absent, the one that the records name. */
  readonly handle?: string;
  /** Issuer of the credential that the records stand in. */
  readonly issuerDid: string;
  readonly clock: Clock;
}

const HANDLE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:-]{1,200}$/;

/** Verifies one record: signed by `from`, then an operator, to another operator, not in the future. */
export async function verifyPortingRecord(
  options: VerifyPortingOptions & { readonly record: string },
): Promise<PortingRecord> {
  const { resolver, registry, clock } = options;
  const { jws, record } = parseRecord(options.record, clock);
  const { kid } = jws.header;
  if (typeof kid !== 'string' || !kid.startsWith(`${record.from}#`)) throw fail('porting_signer_wrong');
  const { from, to, at } = record;
  if (!wasOperator(registry, from, at) || !wasOperator(registry, to, at)) throw fail('porting_signer_wrong');
  // A resolver knows nothing of a future that is only a clock running ahead.
  const signedAt = Math.min(at, unixSeconds(clock));
  const key = toVerificationKey(await keyOfDonor(resolver, from, kid, signedAt));
  if (key.algorithm !== headerAlgorithm(jws.header)) throw fail('alg_not_allowed');
  if (!isSignatureValid(key, jws.signingInput, jws.signature)) throw fail('signature_invalid');
  return record;
}

/**
 * Reads the records beside a handle without looking at signatures: all about this handle, each continuing
 * the one before and later than it, the last one leading to the issuer of the credential. A chain may begin
 * anywhere: only the last records are carried along.
 */
export function readPortingRecords(options: PortingChainOptions): readonly PortingRecord[] {
  const { records, issuerDid, clock } = options;
  if (records.length > LIMITS.portingRecords) throw fail('porting_malformed');
  const chain = records.map((text) => parseRecord(text, clock).record);
  const handle = options.handle ?? chain[0]?.handle;
  chain.forEach((record, i) => {
    const next = chain[i + 1];
    const continues =
      next === undefined ? record.to === issuerDid : record.to === next.from && record.at < next.at;
    if (record.handle !== handle || !continues) throw fail('porting_broken_chain');
  });
  return chain;
}

/** Reads the records as {@link readPortingRecords} does and verifies each. Oldest first. */
export async function verifyPortingRecords(
  options: VerifyPortingOptions & PortingChainOptions,
): Promise<readonly PortingRecord[]> {
  const chain = readPortingRecords(options);
  for (const record of options.records) await verifyPortingRecord({ ...options, record });
  return chain;
}

function parseRecord(text: string, clock: Clock): { jws: CompactJws; record: PortingRecord } {
  const jws = parseCompactJws(text, decodeBase64url);
  headerAlgorithm(jws.header);
  if (jws.header.typ !== PORTING_TYP) throw fail('porting_typ_wrong');
  if (jws.header.crit !== undefined) throw fail('crit_not_understood');
  const record = readRecord(jws.payload);
  if (record.at - CLOCK_SKEW_SECONDS > unixSeconds(clock)) throw fail('porting_from_the_future');
  return { jws, record };
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

async function keyOfDonor(
  resolver: DidResolver,
  did: string,
  kid: string,
  at: number,
): Promise<MultikeyBytes> {
  try {
    return await resolveAssertionKeyAt(resolver, did, kid, at);
  } catch (cause) {
    throw fail('porting_signer_wrong', { cause });
  }
}
