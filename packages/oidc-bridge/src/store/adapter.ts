import type { Clock } from '@attestel/core';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { fail } from '../errors.ts';
import type { Records } from './records.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Models that end together with the grant they came from. */
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);
const UID = 'uid';
/** Longer than any request takes. */
const ENDED_MS = 600_000;

export interface AdapterOptions {
  readonly unit: UnitOfWork;
  readonly records: Records;
  readonly clock: Clock;
  /** Clients come from the registry, never from the store. */
  readonly findClient: (clientId: string) => Promise<AdapterPayload | undefined>;
}

/** Store adapter of oidc-provider: one per model. */
export const createAdapterFactory =
  (options: AdapterOptions) =>
  (model: string): Adapter =>
    model === 'Client' ? clientAdapter(options) : recordAdapter(model, options);

function clientAdapter({ findClient }: AdapterOptions): Adapter {
  const readOnly = async (): Promise<never> => {
    throw new TypeError('clients are registered on the ledger');
  };
  return {
    find: findClient,
    upsert: readOnly,
    destroy: readOnly,
    consume: readOnly,
    revokeByGrantId: readOnly,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

function recordAdapter(model: string, options: AdapterOptions): Adapter {
  const { records, clock } = options;
  const find = async (id: string): Promise<AdapterPayload | undefined> => {
    const found = records.find(model, id);
    return found?.ended === true ? undefined : found;
  };
  return {
    find,
    async upsert(id, payload, expiresIn) {
      // `exp` where there is one: saving again then rewrites the same entry of the expiry index.
      const expiresAt =
        payload.exp === undefined ? clock.now() + (expiresIn ?? 0) * 1000 : payload.exp * 1000;
      if (model === 'Session') await assertNotEnded(id, options);
      const grant = GRANTABLE.has(model) ? payload.grantId : undefined;
      await records.put(model, id, withoutHint(payload), expiresAt, grant);
      if (model === 'Session' && payload.uid) await records.put(UID, payload.uid, { id }, expiresAt);
    },
    destroy: (id) =>
      model === 'Session' && records.find(model, id)
        ? records.put(model, id, { ended: true }, clock.now() + ENDED_MS)
        : records.delete(model, id),
    consume: (id) => consume(model, id, options),
    async findByUid(uid) {
      const id = records.find(UID, uid)?.id;
      return typeof id === 'string' ? find(id) : undefined;
    },
    findByUserCode: async () => undefined,
    revokeByGrantId: (grantId) => records.deleteGroup(grantId),
  };
}

/**
 * oidc-provider saves a session at the end of every request that has read it. One that began before the person
 * signed out, or signed in under a new id, would bring the old one back; it is refused as a whole instead.
 */
const assertNotEnded = (id: string, { unit, records }: AdapterOptions): Promise<void> =>
  unit.defer((writer) => {
    if (records.findIn(writer, 'Session', id)?.ended === true) throw fail('session_ended');
  });

/** `login_hint` may hold a phone number; nothing here needs it. */
function withoutHint(payload: AdapterPayload): AdapterPayload {
  const { params } = payload;
  if (params?.login_hint === undefined) return payload;
  const { login_hint: _, ...rest } = params;
  return { ...payload, params: rest };
}

/**
 * Marks a code as used, once. oidc-provider reads and then consumes; two requests between the two would
 * both pass, so the second one to consume is refused here: at once in this process, and in the
 * transaction for every other.
 */
async function consume(model: string, id: string, { unit, records, clock }: AdapterOptions): Promise<void> {
  const payload = records.find(model, id);
  if (!payload || payload.consumed) throw new errors.InvalidGrant('code already consumed');
  const consumed = Math.floor(clock.now() / 1000);
  await unit.defer((writer) => {
    if (records.findIn(writer, model, id)?.consumed) throw fail('code_reused');
  });
  const exp = typeof payload.exp === 'number' ? payload.exp : consumed;
  await records.put(model, id, { ...payload, consumed }, exp * 1000, payload.grantId as string | undefined);
}
