import { type Bytes, equalBytes } from '@attestel/core';
import type { PkiErrorCode } from '../errors.ts';
import type { ItemFacts } from '../module/bodies.schema.ts';
import { anchors, batches, certificates, devices, keys, names } from '../state/records.ts';
import { isUsable, statusAt } from '../state/standing.ts';
import type { Change } from './change.ts';
import { setStatus } from './change-status.ts';

/** How long a renewed certificate stays good beside its successor, seconds. */
export const RENEWAL_OVERLAP_SECONDS = 86_400;

export interface ItemPublisher {
  /** Publishes the item; or the code of the rule that it breaks, and then nothing has changed. */
  publish(item: ItemFacts): PkiErrorCode | undefined;
  published(): number;
  /** Whether a certificate was taken the place of. */
  replaced(): boolean;
}

/** @param bounds index of the first certificate, and how many the batch has room for */
export function itemPublisher(
  change: Change<'submit'>,
  bounds: { readonly first: number; readonly room: number },
): ItemPublisher {
  let published = 0;
  let replaced = false;
  return {
    publish(item) {
      if (published >= bounds.room) return 'pki_batch_full';
      const refusal = refusalOfItem(change, item);
      if (refusal !== undefined) return refusal;
      replaced = writeItem(change, item, bounds.first + published) || replaced;
      published += 1;
      return undefined;
    },
    published: () => published,
    replaced: () => replaced,
  };
}

/** The first rule that the state refuses an item by. */
function refusalOfItem(change: Change<'submit'>, item: ItemFacts): PkiErrorCode | undefined {
  const { state, context } = change;
  const [certificate, , key, name, device, notBefore, notAfter, replaced, origin] = item;
  if (context.time < notBefore) return 'pki_certificate_not_yet';
  if (context.time > notAfter) return 'pki_certificate_expired';
  if (certificates.get(state, certificate)) return 'pki_certificate_exists';
  if (keys.find(state, key)) return 'pki_key_taken';
  if (names.find(state, name)) return 'pki_serial_taken';
  return refusalOfDevice(change, device, replaced) ?? refusalOfOrigin(change, origin);
}

/** A device has one certificate of an anchor's owner; another one takes its place, and says so. */
function refusalOfDevice(
  { state, body, context }: Change<'submit'>,
  device: Bytes | null,
  replaced: Bytes | null,
): PkiErrorCode | undefined {
  const holder = device ? devices.find(state, device) : undefined;
  if (!replaced) return holder ? 'pki_device_taken' : undefined;
  const old = certificates.get(state, replaced);
  if (!old) return 'pki_replaces_unknown';
  const token = device ?? old.device;
  const current = token ? devices.find(state, token) : undefined;
  const isItsOwn = token ? current && equalBytes(current, replaced) : true;
  const isAlike = old.role === body.role && ownerOf(state, old.anchor) === ownerOf(state, body.anchor);
  if (!isItsOwn || !isAlike) return 'pki_replaces_other';
  // What was revoked stays out, and what is suspended is not let in by a new certificate.
  if (old.status === 'revoked' || old.status === 'superseded') return 'pki_status_final';
  return statusAt(old, context.time) === 'good' ? undefined : 'pki_not_good';
}

const ownerOf = (state: Change<'submit'>['state'], anchor: Bytes): string | undefined =>
  anchors.get(state, anchor)?.scope.owner;

/**
 * A device certificate that was never published shows its origin only by a path to its vendor's anchor; one whose key
 * signed nothing, only by a batch for the submitter.
 */
function refusalOfOrigin(
  { state, body, actor, context }: Change<'submit'>,
  origin: Bytes | null,
): PkiErrorCode | undefined {
  if (!origin || !body.source) return undefined;
  const record = certificates.get(state, origin);
  const { chained, delivered } = body.source;
  if (!record) return chained && !delivered ? undefined : 'pki_origin_invalid';
  const anchor = anchors.get(state, record.anchor);
  const batch = record.batch ? batches.get(state, record.batch) : undefined;
  if (delivered && batch?.destination !== actor) return 'pki_batch_destination';
  const holds =
    anchor &&
    equalBytes(record.anchor, body.source.anchor) &&
    isUsable(record, { anchor, batch }, context.time);
  return holds ? undefined : 'pki_origin_invalid';
}

/** Returns whether the certificate took another one's place. */
function writeItem(change: Change<'submit'>, item: ItemFacts, index: number): boolean {
  const { state, body, actor, context } = change;
  const [certificate, leaf, key, name, token, notBefore, notAfter, replaced] = item;
  const old = replaced ? certificates.get(state, replaced) : undefined;
  const device = token ?? old?.device ?? null;
  if (replaced && old) {
    const held = { certificate: replaced, record: { ...old, current: false } };
    setStatus(change, held, {
      ...{ status: 'superseded', since: context.time + RENEWAL_OVERLAP_SECONDS },
      ...{ until: null, reason: null, by: actor, successor: certificate },
    });
  }
  certificates.put(state, certificate, {
    ...{ index, leaf, anchor: body.anchor, batch: body.batch, role: body.role, notBefore, notAfter },
    ...{ key, name, device, current: true },
    published: context.time,
    status: 'good',
    since: context.time,
    ...{ until: null, reason: null, by: null, successor: null, changes: 0 },
  });
  return old !== undefined;
}
