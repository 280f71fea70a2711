import { createMemoryStore } from '@attestel/core';
import { createPolicy, type Policy } from '@attestel/proof';
import type { CosignedLedger, FollowedLedger, Ledger } from '../src/index.ts';
import { ed25519Key } from '../src/log/sign-checkpoint.ts';
import { sha256 } from '../src/sha256.ts';
import { cometRules, openFakeNetwork } from './fixtures/comet-network.ts';
import {
  openFollower,
  openSequencer,
  type Reachable,
  policy as twoOfThree,
  urlOf,
  witnessOf,
} from './fixtures/cosign-network.ts';
import { ORIGIN, openTestLedger } from './fixtures/open-test-ledger.ts';
import { type DrivenLedger, genesisOperations, ledgerSuite } from './suites/ledger-suite.ts';

const alone: Policy = createPolicy(
  {
    origin: ORIGIN,
    logs: [],
    witnesses: [{ name: 'a', keyName: 'a.example', publicKey: ed25519Key(witnessOf('a').signer.publicKey) }],
    groups: [],
    quorum: 'a',
  },
  sha256,
);

/** A store whose next commit reports a failure when it is told to. */
function failingStore() {
  let failing = false;
  const store = createMemoryStore({
    afterCommit() {
      if (!failing) return;
      failing = false;
      throw new Error('disk');
    },
  });
  return {
    store,
    failNextCommit: () => {
      failing = true;
    },
  };
}

ledgerSuite(
  'solo',
  async (): Promise<DrivenLedger> => {
    const { store, failNextCommit } = failingStore();
    const genesis = await genesisOperations();
    const open = () => openTestLedger({ store, genesis, witness: witnessOf('a'), policy: alone });
    let ledger: Ledger = await open();
    return {
      get ledger() {
        return ledger;
      },
      policy: alone,
      async settle() {},
      async reopen() {
        await ledger.close();
        ledger = await open();
      },
      failNextCommit,
      close: () => ledger.close(),
    };
  },
  { failsCommits: true },
);

ledgerSuite(
  'cosign',
  async (): Promise<DrivenLedger> => {
    const { store, failNextCommit } = failingStore();
    const reachable: Reachable = new Map();
    const genesis = await genesisOperations();
    const open = async (): Promise<CosignedLedger> => {
      const opened = await openSequencer(reachable, { store, genesis });
      reachable.set(urlOf('a'), opened);
      return opened;
    };
    let ledger = await open();
    const b = await openFollower('b', reachable);
    reachable.set(urlOf('b'), b);
    return {
      get ledger() {
        return ledger;
      },
      policy: twoOfThree,
      async settle() {
        await b.follow();
        await ledger.collect();
      },
      async reopen() {
        await ledger.close();
        ledger = await open();
      },
      failNextCommit,
      close: () => ledger.close(),
    };
  },
  { failsCommits: true },
);

/** A follower whose ledger is opened again with what it has; whoever it follows closes with it. */
async function followed(
  policy: DrivenLedger['policy'],
  open: () => Promise<FollowedLedger>,
  closeOther: () => Promise<void>,
): Promise<DrivenLedger> {
  const follow = async (): Promise<FollowedLedger> => {
    const opened = await open();
    await opened.follow();
    return opened;
  };
  let ledger = await follow();
  return {
    get ledger() {
      return ledger;
    },
    policy,
    async settle() {},
    async reopen() {
      await ledger.close();
      ledger = await follow();
    },
    async close() {
      await ledger.close();
      await closeOther();
    },
  };
}

ledgerSuite('a follower of the cosign driver', async () => {
  const reachable: Reachable = new Map();
  const sequencer = await openSequencer(reachable, { genesis: await genesisOperations() });
  reachable.set(urlOf('a'), sequencer);
  const store = createMemoryStore();
  const open = () => openFollower('b', reachable, { store, pollMilliseconds: 10 });
  return followed(twoOfThree, open, () => sequencer.close());
});

ledgerSuite('cometbft under a fake engine', async (): Promise<DrivenLedger> => {
  const network = await openFakeNetwork(4, { witness: witnessOf('a'), policy: alone });
  network.engine.run();
  return {
    get ledger() {
      return network.ledgers[0] as Ledger;
    },
    policy: alone,
    async settle() {},
    async reopen() {
      await network.restart(0);
      network.engine.run();
    },
    close: () => network.close(),
  };
});

ledgerSuite('a follower of cometbft under a fake engine', async () => {
  const network = await openFakeNetwork(1, { witness: witnessOf('a'), policy: alone });
  network.engine.run();
  const reachable: Reachable = new Map([[urlOf('a'), network.ledgers[0] as Ledger]]);
  const store = createMemoryStore();
  const trusted = { checkpointKey: undefined, policy: alone };
  const open = () => openFollower('b', reachable, { ...cometRules, ...trusted, store, pollMilliseconds: 10 });
  return followed(alone, open, () => network.close());
});
