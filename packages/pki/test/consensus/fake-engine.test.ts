import { describe } from 'vitest';
import { cometSuite } from '../fixtures/comet-suite.ts';
import { openFakePkiNetwork } from '../fixtures/pki-network.ts';
import { START } from '../ledger/world.ts';

describe('module pki on four nodes, driven in lockstep', () => {
  cometSuite(
    (founders) => openFakePkiNetwork(founders, START),
    () => START,
  );
});
