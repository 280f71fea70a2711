import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, createMnoAgent } from './create-agent.ts';

const { agent, provider } = await createMnoAgent({
  node: process.env.NODE_URL ?? 'http://localhost:4101',
  network: required('NETWORK'),
  controlKeys: process.env.CONTROL_KEYS ?? 'control-keys',
  passphrase: required('CONTROL_KEYS_PASSPHRASE'),
});

const identifier = await agent.didManagerCreate();
const { did } = identifier;
await resolvable(agent, did);
console.log(`created     ${did}`);

const credential = await agent.createVerifiableCredential({
  credential: { issuer: did, credentialSubject: { id: did, likes: 'tea' } },
  proofFormat: 'jwt',
});
console.log(`signed      ${credential.proof.jwt}`);
console.log(`verified    ${await verifies()}`);

await provider.rotate(identifier);
console.log(`rotated     version ${await version()}, verified ${await verifies()}`);

// For good: an example leaves nothing behind that looks alive.
await agent.didManagerDelete({ did });
console.log(`deactivated version ${await version()}, verified ${await verifies()}`);

async function verifies(): Promise<boolean> {
  return (await agent.verifyCredential({ credential })).verified;
}

async function version(): Promise<string> {
  const { didDocumentMetadata } = await agent.resolveDid({ didUrl: did });
  return didDocumentMetadata.versionId?.split('-')[0] ?? 'unknown';
}

/** The node asked may be another than the one that took the DID, and a moment behind it. */
async function resolvable(asked: Agent, didUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if ((await asked.resolveDid({ didUrl })).didDocument) return;
    await sleep(100);
  }
  throw new Error('the DID did not become resolvable');
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing in the environment`);
  return value;
}
