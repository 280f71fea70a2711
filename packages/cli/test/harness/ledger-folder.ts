import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeCbor, silentLogger, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import { actorKeys, createOrganisation, didModule } from '@attestel/did';
import { encodeOperation, type Ledger, openLedger, openLmdbStore } from '@attestel/ledger';
import { buildRegistryOperation, registryModule, registryVersionAt } from '@attestel/registry';
import { openParty } from '@attestel/server';
import { DEMO_LEDGER, DEMO_PASSPHRASE, demoOrigin } from '@attestel/server/data-folder';

export interface LedgerFolder {
  readonly ledger: Ledger;
  /** Puts one more block on the ledger. */
  registerApp(clientId: string): Promise<void>;
  close(): Promise<void>;
}

/** A data folder with one member and its ledger, as `attestel up` leaves it, without any node. */
export async function createLedgerFolder(dataDir: string): Promise<LedgerFolder> {
  const party = await openParty({
    dataDir: join(dataDir, DEMO_LEDGER.sequencer),
    passphrase: DEMO_PASSPHRASE,
    scryptN: 2 ** 10,
  });
  const { checkpointKey: ref } = DEMO_LEDGER;
  const network = 'demo-0badcafe';
  const notAfter = unixSeconds(systemClock) + 3600;
  const organisation = await createOrganisation({
    keyStore: party.keyStore,
    network,
    prefix: 'member',
    services: [],
    random: systemRandom,
    notAfter,
  });
  const { did: actor, kid, refs } = organisation;
  await party.saveIdentity({
    did: actor,
    kid,
    assertionKey: refs.key,
    ledgerKey: refs.ledger,
    createOperation: new Uint8Array(),
    certificates: [],
  });
  await party.keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref });
  const signers = [await party.keyStore.signer(refs.ledger)];
  const operation = (kind: string, sequence: number, body: object) =>
    buildRegistryOperation({ kind, body: { ...body }, actor, sequence, network, notAfter, signers });
  const member = {
    did: actor,
    name: { en: 'Member', 'zh-CN': '成员' },
    roles: ['operator', 'platform', 'app'],
  };
  const store = await openLmdbStore({ path: join(dataDir, DEMO_LEDGER.folder) });
  const genesis = [
    organisation.operation,
    await operation('genesis', 0, {
      founders: [member],
      admissionThreshold: 1,
      accreditationThreshold: 1,
      trustAnchors: [],
    }),
  ];
  await writeFile(join(dataDir, 'genesis.cbor'), encodeCbor(genesis.map(encodeOperation)));
  const ledger = await openLedger({
    network,
    origin: demoOrigin(network),
    store,
    modules: [didModule, registryModule],
    versionAt: registryVersionAt,
    actorKeys,
    signer: await party.keyStore.signer(ref),
    clock: systemClock,
    logger: silentLogger,
    genesis,
  });
  return {
    ledger,
    async registerApp(clientId) {
      const [result] = await ledger.submit([
        await operation('app.register', ledger.sequence('registry', actor), appNamed(clientId, actor)),
      ]);
      if (!result?.ok) throw result?.error;
    },
    async close() {
      await ledger.close();
      await store.close();
      await party.close();
    },
  };
}

const appNamed = (clientId: string, member: string) => ({
  clientId,
  member,
  name: { en: clientId, 'zh-CN': clientId },
  purpose: { en: 'Sign you in', 'zh-CN': '登录' },
  redirectUris: [`http://localhost/${clientId}`],
  postLogoutRedirectUris: [],
  claims: [],
  authentication: 'none',
  jwks: null,
  secretVersion: 1,
});
