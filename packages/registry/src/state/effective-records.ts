import type { App, Bridge, Issuer, Member } from '../types.ts';
import { asItStands, type ReadKeys } from './as-it-stands.ts';
import { type AppRecord, apps, bridges, issuers, members, REGISTRY_MODULE } from './collections.ts';

// What a member runs or vouches for stands and falls with it; an issuer must also still be an operator.
const under = <T extends { status: 'active' | 'suspended' }>(record: T, holds: boolean): T =>
  holds ? record : { ...record, status: 'suspended' };
const isActive = (member: Member | undefined): boolean => member?.status === 'active';

export const issuerUnder = (issuer: Issuer, member: Member | undefined): Issuer =>
  under(issuer, isActive(member) && member?.roles.includes('operator') === true);
export const bridgeUnder = (bridge: Bridge, member: Member | undefined): Bridge =>
  under(bridge, isActive(member));
export const appUnder = ({ byConsortium: _, ...app }: AppRecord, member: Member | undefined): App =>
  under(app, isActive(member));

/** A record of each kind as it stands now, by single keys of the state, the asked one first. */
export const EFFECTIVE = {
  members: {
    key: members.key,
    read: memberOf,
  },
  issuers: {
    key: issuers.key,
    read(read: ReadKeys, did: string): Issuer | undefined {
      const issuer = issuers.get(read(REGISTRY_MODULE), did);
      return issuer && issuerUnder(issuer, memberOf(read, issuer.did));
    },
  },
  bridges: {
    key: bridges.key,
    read(read: ReadKeys, did: string): Bridge | undefined {
      const bridge = bridges.get(read(REGISTRY_MODULE), did);
      return bridge && bridgeUnder(bridge, memberOf(read, bridge.member));
    },
  },
  apps: {
    key: apps.key,
    read(read: ReadKeys, clientId: string): App | undefined {
      const app = apps.get(read(REGISTRY_MODULE), clientId);
      return app && appUnder(app, memberOf(read, app.member));
    },
  },
} as const;

export type RecordKind = keyof typeof EFFECTIVE;

/** A member as it stands now, for other modules. */
export const readMember = (read: ReadKeys, did: string): Member | undefined => memberOf(read, did);

function memberOf(read: ReadKeys, did: string): Member | undefined {
  const member = members.get(read(REGISTRY_MODULE), did);
  return member && asItStands(read, member);
}
