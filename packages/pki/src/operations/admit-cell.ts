import { type Bytes, toHex } from '@attestel/core';
import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { requireActor } from '../state/authority.ts';
import { admissions, anchors, batches, type CertificateRecord, certificates } from '../state/records.ts';
import { isUsable } from '../state/standing.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';

/** Bounds the look for a live admission; an operator admits one cell to a handful of gateways. */
const MAX_ADMISSIONS_READ = 64;

/** An operator lets a cell use one of its gateways at a site, until a time; again, it sets another end. */
export const admitCell: Apply<'cell.admit'> = (change) => {
  const { state, body, actor, operation, context } = change;
  requireActor(context, actor, ['operator']);
  assertPrevious(operation, null);
  const { cell, gateway, site, until } = body;
  if (until <= context.time) throw fail('pki_until_invalid', { field: '/until' });
  const device = usable(change, cell, '/cell');
  if (device.role !== 'small-cell' && device.role !== 'home-gateway') throw fail('pki_cell_role');
  if (usable(change, gateway, '/gateway').role !== 'security-gateway') throw fail('pki_gateway_role');
  assertOwnGateway(change);
  const record = { cell, gateway, site, operator: actor, since: context.time, until };
  admissions.put(state, admissionId(body, actor), record);
  return { cell, gateway, operator: actor, until };
};

/** By the operator that admitted it. */
export const removeCell: Apply<'cell.remove'> = ({ state, body, actor, operation, context }) => {
  requireActor(context, actor);
  assertPrevious(operation, null);
  const id = admissionId(body, actor);
  const record = admissions.get(state, id);
  if (!record || record.until <= context.time) throw fail('pki_admission_unknown');
  admissions.put(state, id, { ...record, until: context.time });
  return { cell: body.cell, gateway: body.gateway, operator: actor, until: context.time };
};

/** Cell first, then operator: what one operator admitted a cell to stands together. */
export const admissionId = (
  { cell, gateway, site }: { readonly cell: Bytes; readonly gateway: Bytes; readonly site: Bytes },
  operator: string,
): string => `${toHex(cell)}/${operator}/${toHex(gateway)}/${toHex(site)}`;

/** Whether an operator has admitted a cell to any of its gateways at a time. */
export function hasAdmitted(
  state: State,
  cell: Bytes,
  { operator, time }: { readonly operator: string; readonly time: number },
): boolean {
  let read = 0;
  for (const [, record] of state.list(admissions.key(`${toHex(cell)}/${operator}/`))) {
    if ((record as { readonly until: number }).until > time) return true;
    read += 1;
    if (read >= MAX_ADMISSIONS_READ) return false;
  }
  return false;
}

function usable({ state, context }: Change<'cell.admit'>, hash: Bytes, field: string): CertificateRecord {
  const record = certificates.get(state, hash);
  if (!record) throw fail('pki_certificate_unknown', { field });
  const anchor = anchors.get(state, record.anchor);
  const batch = record.batch ? batches.get(state, record.batch) : undefined;
  if (!anchor || !isUsable(record, { anchor, batch }, context.time)) throw fail('pki_not_good', { field });
  return record;
}

function assertOwnGateway({ state, body, actor }: Change<'cell.admit'>): void {
  const gateway = certificates.get(state, body.gateway);
  const owner = gateway && anchors.get(state, gateway.anchor)?.scope.owner;
  if (owner !== actor) throw fail('pki_gateway_not_yours', { field: '/gateway' });
}
