import { actorKeys, didModule } from '@attestel/did';
import { openLmdbStore, proofCrypto, verifyLedger } from '@attestel/ledger';
import { pkiModule } from '@attestel/pki';
import { parsePolicy } from '@attestel/proof';
import { createRegistryModules, namespaceRule } from '@attestel/registry';
import { NETWORK } from './world.ts';

// Run as a program: replays a ledger on this Node and says what came out. Arguments: folder of the store; policy.
const [, , path = '', policyText = ''] = process.argv;
const policy = parsePolicy(policyText, proofCrypto.sha256);
const store = await openLmdbStore({ path });
const found = await verifyLedger({
  network: NETWORK,
  modules: [didModule, ...createRegistryModules(), pkiModule],
  ...{ actorKeys, namespaceRule, origin: policy.origin, policy, store },
});
process.stdout.write(JSON.stringify({ node: process.version, ...found }));
await store.close();
