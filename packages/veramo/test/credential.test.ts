import { expect, test } from 'vitest';
import { testAgent } from './agent.ts';

test.each(['Ed25519', 'Secp256r1'])(
  'a credential signed with a %s key verifies until its DID ends',
  async (keyType) => {
    const { agent, provider } = testAgent();
    const identifier = await agent.didManagerCreate({ options: { keyType } });
    const { did } = identifier;
    const credential = await agent.createVerifiableCredential({
      credential: { issuer: did, credentialSubject: { id: did, role: 'tester' } },
      proofFormat: 'jwt',
    });
    const verified = async () => (await agent.verifyCredential({ credential })).verified;
    expect(await verified()).toBe(true);
    await provider.rotate(identifier);
    expect(await verified()).toBe(true);

    const forged = { ...credential, credentialSubject: { id: did, role: 'owner' } };
    expect((await agent.verifyCredential({ credential: forged })).verified).toBe(false);

    const next = await agent.keyManagerCreate({ kms: 'local', type: 'Ed25519' });
    await agent.didManagerAddKey({ did, key: next });
    await agent.didManagerRemoveKey({ did, kid: identifier.keys[0]?.kid as string });
    expect(await verified()).toBe(false); // the key that signed is no longer the issuer's

    await agent.didManagerDelete({ did });
    expect(await verified()).toBe(false);
  },
);
