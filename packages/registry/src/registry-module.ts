import type { LedgerModule, Operation } from '@attestel/ledger';
import { fail } from './errors.ts';
import { accreditBridge } from './operations/accredit-bridge.ts';
import { accreditIssuer } from './operations/accredit-issuer.ts';
import {
  resumeBridge,
  resumeIssuer,
  suspendBridge,
  suspendIssuer,
} from './operations/accreditation-status.ts';
import { admitMember } from './operations/admit-member.ts';
import { resumeApp, suspendApp } from './operations/app-status.ts';
import type { RegistryKind } from './operations/bodies.schema.ts';
import type { Apply } from './operations/change.ts';
import { found } from './operations/found.ts';
import { leaveMember, resumeMember, suspendMember } from './operations/member-status.ts';
import { assertKind, parseBody } from './operations/parse-body.ts';
import { registerApp } from './operations/register-app.ts';
import { setParameters } from './operations/set-parameters.ts';
import { setValidator } from './operations/set-validator.ts';
import { updateApp } from './operations/update-app.ts';
import { upgrade } from './operations/upgrade.ts';
import { bumpRevision, REGISTRY_MODULE } from './state/collections.ts';
import { activeMember, parametersOf } from './state/votes.ts';

const OPERATIONS: { readonly [K in RegistryKind]: Apply<K> } = {
  genesis: found,
  parameters: setParameters,
  upgrade,
  'member.admit': admitMember,
  'member.suspend': suspendMember,
  'member.resume': resumeMember,
  'member.leave': leaveMember,
  'issuer.accredit': accreditIssuer,
  'issuer.suspend': suspendIssuer,
  'issuer.resume': resumeIssuer,
  'bridge.accredit': accreditBridge,
  'bridge.suspend': suspendBridge,
  'bridge.resume': resumeBridge,
  'app.register': registerApp,
  'app.update': updateApp,
  'app.suspend': suspendApp,
  'app.resume': resumeApp,
  'validator.set': setValidator,
};

/**
 * Who is a member and may do what. Pure and deterministic: no clock, randomness, floats, locale or I/O.
 * The host has checked the actor's signature and sequence; here, every actor must be an active member.
 */
export const registryModule: LedgerModule = {
  name: REGISTRY_MODULE,
  ordering: 'actor',
  checkStateless({ payload, attachment }: Operation): void {
    assertKind(payload.kind);
    parseBody(payload.kind, payload.body);
    if (attachment !== null) throw fail('registry_body_invalid', { field: '/attachment' });
  },
  apply(state, { payload }, context) {
    const { kind, actor } = payload;
    assertKind(kind);
    const body = parseBody(kind, payload.body);
    if (kind !== 'genesis') {
      parametersOf(state);
      activeMember(state, context, { did: actor, field: '/actor' });
    }
    const detail = (OPERATIONS[kind] as Apply<RegistryKind>)({ state, body, actor, context });
    bumpRevision(state);
    return [{ module: REGISTRY_MODULE, type: kind, data: { ...subjectOf(body, actor), ...detail } }];
  },
};

/** Whom or what the operation was about. */
function subjectOf(body: object, actor: string): { readonly [key: string]: string } {
  if ('did' in body) return { did: body.did as string };
  if ('clientId' in body) return { clientId: body.clientId as string };
  return { did: actor };
}
