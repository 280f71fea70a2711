import type { Command } from '../command.ts';

const CONFIG = {
  config: { type: 'string', help: 'JSON file with the node’s configuration (specs/member-node.md)' },
} as const;

export const nodeStart: Command = {
  name: 'node',
  summary:
    'Start one member’s node: it executes the ledger and cosigns it, and as a validator helps to order it',
  options: {
    ...CONFIG,
    driver: { type: 'string', help: 'what the file must set up: cometbft or follow' },
  },
  load: () => import('../node/start-node.ts'),
};

export const nodeWitness: Command = {
  name: 'node witness',
  summary: 'Print the verifier key that this node cosigns with, for the policy; makes it once',
  options: {
    ...CONFIG,
    name: { type: 'string', help: 'name of the key in notes, such as ledger.example/huatong' },
  },
  load: () => import('../node/show-witness.ts'),
};

export const nodeEngine: Command = {
  name: 'node engine',
  summary: 'Print the keys of this node’s CometBFT engine, for the other validators; makes them once',
  options: CONFIG,
  load: () => import('../node/show-engine.ts'),
};
