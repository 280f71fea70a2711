// Entry `@attestel/server/data-folder`: what a command needs to read a data folder or to act in a party's
// name. Starts no node and loads nothing that only a node needs.
export { DEMO_LEDGER, DEMO_PASSPHRASE, demoOrigin } from './consortium/demo-constants.ts';
export { readGenesis } from './consortium/genesis-file.ts';
export { type DemoPorts, demoPorts } from './consortium/parties.ts';
export { ROAMING_OPERATORS } from './consortium/scenarios/roaming-operators.ts';
export { type PartyIdentity, readIdentity } from './node/identity-file.ts';
export { openPartyKeys } from './node/open-party-keys.ts';
