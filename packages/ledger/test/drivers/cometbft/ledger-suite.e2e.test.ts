import { createPolicy, type Policy } from '@attestel/proof';
import { describe } from 'vitest';
import { ed25519Key } from '../../../src/log/sign-checkpoint.ts';
import { sha256 } from '../../../src/sha256.ts';
import { witnessOf } from '../../fixtures/cosign-network.ts';
import { engineForTests, NO_ENGINE } from '../../fixtures/engine-for-tests.ts';
import { openOneValidator } from '../../fixtures/one-validator.ts';
import { ORIGIN } from '../../fixtures/open-test-ledger.ts';
import { type DrivenLedger, ledgerSuite } from '../../suites/ledger-suite.ts';

const binary = await engineForTests();
const witness = witnessOf('a');
const witnesses = [{ name: 'a', keyName: witness.name, publicKey: ed25519Key(witness.signer.publicKey) }];
const alone: Policy = createPolicy({ origin: ORIGIN, logs: [], witnesses, groups: [], quorum: 'a' }, sha256);

describe.skipIf(binary === undefined)(`under CometBFT (${binary ? 'real' : NO_ENGINE})`, () => {
  ledgerSuite('cometbft', async (): Promise<DrivenLedger> => {
    const one = await openOneValidator(binary as string, { witness, policy: alone });
    return {
      get ledger() {
        return one.ledger;
      },
      policy: alone,
      now: Math.floor(Date.now() / 1000),
      async settle() {},
      reopen: () => one.reopen(),
      close: () => one.close(),
    };
  });
});
