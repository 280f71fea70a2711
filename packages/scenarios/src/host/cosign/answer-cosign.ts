import {
  type Bytes,
  type CborValue,
  encodeCbor,
  equalBytes,
  fromBase64url,
  toBase64url,
  toHex,
} from '@attestel/core';
import {
  decodeOperation,
  encodeOperation,
  type Operation,
  signedBytes,
  verifySignature,
} from '@attestel/ledger';
import { EVENT_MODULE, type Line, signLine } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { LineBody } from '../logged-line.ts';
import { hasItsItems } from '../payload/batch-items.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
import { parseKept } from '../payload/payload.schema.ts';
import { nowOf } from '../queries/read-objects.ts';
import { checkPayload } from '../receive/check-payload.ts';
import type { Parcel } from '../receive/parcel.schema.ts';

type CosignParcel = Extract<Parcel, { kind: 'cosign' }>;

/**
 * Signs another party's line where this party would not dispute it, and sends it back.
 * @throws AppError invalid_argument, digest_mismatch, permission_denied where it does not agree or is not up to date
 */
export async function answerCosign(parts: HostParts, from: string, parcel: CosignParcel): Promise<void> {
  const { channel } = parcel;
  const operation = operationOf(parcel.operation);
  const kept = parseKept(parcel.kept);
  const { payload } = kept;
  const line = lineOf(operation, nowOf(parts));
  const { ns, module: part, kind } = operation.payload;
  if (ns !== channel || part !== EVENT_MODULE || kind !== 'line' || line.actor !== from)
    throw fail('permission_denied');
  const digest = commitmentOf(kept);
  if (!equalBytes(digest, line.digest) || !hasItsItems(kept)) throw fail('digest_mismatch');
  const { module } = parts.modules.find(payload.module);
  const ids = payload.objects.map(({ id }) => id);
  // Whose rule does not name this party, or whose last line it does not have, it has no say in.
  for (const id of ids) {
    const head = parts.view.head(channel, refOfObject(module.name, id));
    if (head && !head.rule.dids.includes(parts.party.did)) throw fail('permission_denied');
  }
  const checking = { channel, line: toHex(operation.id), onLedger: line, kept, objects: ids };
  const body = operation.payload.body as unknown as LineBody;
  const check = await checkPayload(parts, checking, body);
  if (check.verdict !== 'checked') throw fail('permission_denied');
  const [signer] = parts.party.signers;
  if (!signer) throw fail('permission_denied');
  const signed = await signLine(operation, signer);
  await parts.exchange.deliver(from, {
    kind: 'cosigned',
    channel,
    operation: toBase64url(encodeOperation(signed)),
  });
}

export const canonical = (value: unknown): string => toHex(encodeCbor(value as CborValue));

/** @throws AppError permission_denied: nobody asked for it, or it is not signed as it should be */
export async function takeCosignature(
  { cosigning }: HostParts,
  { operation: text }: Extract<Parcel, { kind: 'cosigned' }>,
): Promise<void> {
  const signed = operationOf(text);
  const line = toHex(signed.id);
  const own = cosigning.get(line);
  const message = signedBytes(signed.payloadBytes);
  if (!own || !signed.signatures.every((one) => verifySignature(one.key, message, one.signature)))
    throw fail('permission_denied');
  cosigning.set(line, signed);
}

/** @throws AppError invalid_argument */
export function operationOf(text: string): Operation {
  try {
    return decodeOperation(fromBase64url(text));
  } catch (cause) {
    throw fail('invalid_argument', { field: '/operation', cause });
  }
}

/** What the ledger would keep of it, if it took it now. */
function lineOf({ payload }: Operation, time: number): Line {
  const body = payload.body as unknown as Pick<Line, 'moduleDigest' | 'digest' | 'batch'> & {
    readonly heads: readonly { readonly ref: Bytes }[];
  };
  const { moduleDigest, digest, batch, heads } = body;
  const refs = heads.map(({ ref }) => ref);
  return { actor: payload.actor, height: 0, time, moduleDigest, digest, batch, refs, resolved: [] };
}
