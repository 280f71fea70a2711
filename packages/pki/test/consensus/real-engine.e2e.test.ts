import { describe } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../../ledger/test/fixtures/engine-for-tests.ts';
import { cometSuite } from '../fixtures/comet-suite.ts';
import { openRealPkiNetwork } from '../fixtures/pki-network.ts';

const binary = await engineForTests();

describe.skipIf(binary === undefined)(
  `module pki on four nodes under CometBFT (${binary ? 'real' : NO_ENGINE})`,
  () => {
    const now = () => Math.floor(Date.now() / 1000);
    cometSuite((founders) => openRealPkiNetwork(founders, binary as string), now);
  },
);
