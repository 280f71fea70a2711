import { createMemoryStore, type Signer, silentLogger } from '@attestel/core';
import { type Ledger, openLedger, proofCrypto, witnessVerifierKey } from '@attestel/ledger';
import { createCheckpointCache, createPolicy, type Policy } from '@attestel/proof';
import { actorKeys, createLedgerResolver, didModule } from '../../src/index.ts';
import { party } from './party.ts';
import { seededSigner } from './seeded.ts';

export const NOW = 1_800_000_000;

const rawKey = (signer: Signer): Uint8Array => witnessVerifierKey({ name: 'any', signer }).publicKey;

/** Policy of a ledger in which `threshold` of these witnesses count. */
export const policyOf = (origin: string, witnesses: readonly string[], threshold: number): Policy =>
  createPolicy(
    {
      origin,
      logs: [],
      witnesses: witnesses.map((name) => ({
        name,
        keyName: `ledger.example/${name}`,
        publicKey: rawKey(seededSigner(`witness ${name}`)),
      })),
      groups: [{ name: 'quorum', threshold, members: [...witnesses] }],
      quorum: 'quorum',
    },
    proofCrypto.sha256,
  );

/** A ledger that its own witness cosigns, with a DID in version 3 and one that ended in version 3. */
export async function provenLedger(network = 'test') {
  const seconds = { now: NOW };
  const clock = { now: () => seconds.now * 1000 };
  const origin = `ledger.example/${network}`;
  const policy = policyOf(origin, ['own'], 1);
  const ledger: Ledger = await openLedger({
    network,
    origin,
    store: createMemoryStore(),
    modules: [didModule],
    actorKeys,
    signer: seededSigner('log'),
    witness: { name: 'ledger.example/own', signer: seededSigner('witness own'), clock },
    policy,
    clock,
    logger: silentLogger,
    genesis: 'none',
    collectMilliseconds: 0,
  });
  const submit = async (operation: Parameters<Ledger['submit']>[0][number]) => {
    seconds.now += 10;
    const [result] = await ledger.submit([operation]);
    if (!result?.ok) throw result?.error;
    return operation;
  };
  const alice = party('proven-alice', network);
  const gone = party('proven-gone', network);
  const one = await submit(await alice.create());
  const two = await submit(await alice.update(2, one.id));
  const three = await submit(await alice.rotate(3, two.id));
  const goneOne = await submit(await gone.create());
  const goneTwo = await submit(await gone.update(2, goneOne.id));
  const goneThree = await submit(await gone.deactivate(3, goneTwo.id));
  return {
    ledger,
    policy,
    clock,
    seconds,
    alice,
    gone,
    stranger: party('proven-stranger', network),
    operations: { one, two, three, goneOne, goneTwo, goneThree },
    resolver: createLedgerResolver(ledger, { clock }),
    /** What a verifier has: everything but the ledger. */
    trust: (chosen: Policy = policy) => ({
      policy: chosen,
      crypto: proofCrypto,
      cache: createCheckpointCache(),
      now: seconds.now,
      maxAgeSeconds: 60,
      fetchCheckpoint: async (hash: Uint8Array) => ledger.proofs.checkpoint(hash) ?? '',
    }),
  };
}
