import { join } from 'node:path';
import { silentLogger, systemClock } from '@attestel/core';
import { actorKeys, didModule } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { type Ledger, openLedger, openLmdbStore, proofCrypto } from '@attestel/ledger';
import { createPolicy } from '@attestel/proof';
import { fixedSigner } from '../fixed-signer.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { createOrganisation, NETWORK, type Statements, total } from './organisation.ts';

/** A document as an operator publishes it. */
const USUAL: Statements = { keys: 3, services: 2, names: 1 };
/** As many statements as a document may have. */
export const FULL: Statements = { keys: 16, services: 16, names: 8 };
const USUAL_COUNT = 256;
const FULL_COUNT = 8;

export interface BenchLedger {
  readonly ledger: Ledger;
  /** DIDs with documents as operators publish them. */
  readonly usual: readonly string[];
  /** DIDs with 40 statements, made by 40 operations each. */
  readonly full: readonly string[];
  close(): Promise<void>;
}

const ORIGIN = 'bench.example/bench';
const WITNESS = 'bench.example/witness';
const keyOf = (name: string): Uint8Array => fixedSigner(name).publicKey.subarray(2);

/** Whose cosignature makes the ledger's checkpoints count. */
export const policy = createPolicy(
  {
    origin: ORIGIN,
    logs: [{ publicKey: keyOf('log') }],
    witnesses: [{ name: 'w', keyName: WITNESS, publicKey: keyOf('witness') }],
    groups: [],
    quorum: 'w',
  },
  proofCrypto.sha256,
);

/** A durable ledger in a temporary folder with organisations on it. */
export async function createBenchLedger(): Promise<BenchLedger> {
  const folder = await createTemporaryFolder();
  const store = await openLmdbStore({ path: join(folder.path, 'store') });
  const keyStore = createMemoryKeyStore();
  const ledger = await openLedger({
    network: NETWORK,
    origin: ORIGIN,
    store,
    modules: [didModule],
    actorKeys,
    signer: fixedSigner('log'),
    policy,
    witness: { name: WITNESS, signer: fixedSigner('witness'), clock: systemClock },
    clock: systemClock,
    logger: silentLogger,
    genesis: 'none',
  });
  const create = (count: number, statements: Statements, first: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        createOrganisation(keyStore, statements, first, async (operation) => {
          const [result] = await ledger.submit([operation]);
          if (!result?.ok) throw new Error(`bench: refused: ${result?.error.code}`);
        }),
      ),
    );
  return {
    ledger,
    usual: await create(USUAL_COUNT, USUAL, total(USUAL)),
    full: await create(FULL_COUNT, FULL, 1),
    async close() {
      await ledger.close();
      await store.close();
      await folder.remove();
    },
  };
}
