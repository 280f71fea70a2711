export { terminalQrCode } from '@attestel/oidc-bridge';
export { type NodeConfig, type NodeConfigInput, nodeConfigSchema } from './config.schema.ts';
export {
  DEMO_FOUNDERS,
  DEMO_OPERATORS,
  DEMO_PLATFORM,
  type DemoParty,
  type DemoPorts,
  demoPorts,
} from './consortium/parties.ts';
export { type Consortium, startConsortium } from './consortium/start-consortium.ts';
export type { ConsortiumOptions } from './consortium/world.ts';
export { nearestName, parseNodeConfig, withEnvironment } from './load-config.ts';
export { createLogger } from './log.ts';
export { type AttestelNode, createNode } from './node/create-node.ts';
export { type Founding, type FoundingOptions, foundLedger } from './node/found-ledger.ts';
export { type PartyIdentity, readIdentity } from './node/identity-file.ts';
export { LEDGER_RULES } from './node/ledger-rules.ts';
export { engineHome } from './node/open-comet.ts';
export { openParty, type Party } from './node/open-party.ts';
export { openPartyKeys, type PartyKeysOptions } from './node/open-party-keys.ts';
export type { NodePorts } from './node/role.ts';
export { type PolicyLinkRequest, type SignedPolicyLink, signPolicyLink } from './node/sign-policy-link.ts';
export { type MemberNode, type MemberNodeOptions, startMemberNode } from './node/start-member-node.ts';
export { witnessText } from './node/witness-key.ts';
