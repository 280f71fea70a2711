import { BRIDGE_ONLY_CLAIMS } from '@attestel/credentials/holder';
import type { App, Bridge, Member, RegistryClient } from '@attestel/registry';
import { askRegistry } from '../accreditation.ts';
import { fail } from '../errors.ts';
import type { AskerView } from '../types.ts';
import type { VerifiedRequest } from './verify-request-object.ts';

/**
 * Finds out who asks. A bridge asks for an app, which the registry must know; a member may ask for
 * itself. Nobody else is answered, and the handle goes to bridges only.
 */
export async function identifyAsker(
  verified: VerifiedRequest,
  asked: readonly string[],
  registry: RegistryClient,
): Promise<AskerView> {
  const { verifierDid } = verified.link;
  const bridge = await activeBridge(verifierDid, registry);
  // They join all of a person's sign-ins: only for bridges, whose job is to keep these apart.
  if (bridge === undefined && asked.some((name) => BRIDGE_ONLY_CLAIMS.includes(name))) {
    throw fail('handle_not_for_verifier');
  }
  const operatedBy = await activeMember(bridge?.member ?? verifierDid, registry);
  const actsFor = bridge === undefined ? operatedBy.did : null;
  return {
    verifierDid,
    bridge: bridge === undefined ? null : { name: bridge.name, url: bridge.url },
    operatedBy: { did: operatedBy.did, name: operatedBy.name },
    app: await askingApp(verified.appClientId, { actsFor, asked }, registry),
    origin: verified.responseUri.origin,
  };
}

async function activeBridge(did: string, registry: RegistryClient): Promise<Bridge | undefined> {
  const bridge = await askRegistry(() => registry.bridge(did));
  return bridge?.status === 'active' ? bridge : undefined;
}

async function activeMember(did: string, registry: RegistryClient): Promise<Member> {
  const member = await askRegistry(() => registry.member(did));
  if (member?.status !== 'active') throw fail('verifier_unknown');
  return member;
}

/** `actsFor`: the member that asks by itself; null for a bridge, which asks for every app. */
async function askingApp(
  clientId: string | null,
  context: { actsFor: string | null; asked: readonly string[] },
  registry: RegistryClient,
): Promise<AskerView['app']> {
  if (clientId === null) {
    // Through a bridge every app looks alike: without its name the person cannot decide.
    if (context.actsFor === null) throw fail('app_unknown');
    return null;
  }
  const app = await askRegistry(() => registry.app(clientId));
  if (app?.status !== 'active' || app.clientId !== clientId) throw fail('app_unknown');
  // A member may lend its own apps' names, not those that others vouch for: the answer goes to the member.
  if (context.actsFor !== null && app.member !== context.actsFor) throw fail('app_unknown');
  const vouching = await askRegistry(() => registry.member(app.member));
  if (vouching?.status !== 'active') throw fail('app_unknown');
  checkClaimsAreRegistered(app, context.asked);
  return {
    clientId,
    name: app.name,
    purpose: app.purpose,
    vouchedBy: { did: vouching.did, name: vouching.name },
  };
}

/** They say that somebody may have taken the line over, and nothing of who it is: every app may be told. */
const WARNINGS: readonly string[] = ['binding_changed_at', 'binding_pending'];

/** What leaves the phone for an app is what its registration says, whatever a bridge asks in its name. */
function checkClaimsAreRegistered(app: App, asked: readonly string[]): void {
  const isCovered = (claim: string): boolean =>
    app.claims.includes(claim) ||
    // The flag says something about the number and is registered with it.
    (claim === 'phone_number_verified' && app.claims.includes('phone_number'));
  const beyond = asked
    .filter((claim) => !BRIDGE_ONLY_CLAIMS.includes(claim) && !WARNINGS.includes(claim))
    .find((claim) => !isCovered(claim));
  if (beyond !== undefined) throw fail('app_claim_unregistered', { field: beyond });
}
