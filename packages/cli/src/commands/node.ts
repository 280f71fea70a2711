import type { Command } from '../command.ts';

const CONFIG = {
  config: { type: 'string', help: 'JSON file with the node’s configuration (specs/member-node.md)' },
} as const;

export const nodeStart: Command = {
  name: 'node',
  summary:
    'Start one member’s node: it executes the ledger and cosigns it, and may order it alone or with others',
  options: {
    ...CONFIG,
    driver: { type: 'string', help: 'what the file must set up: cometbft, follow or solo' },
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

export const nodeFound: Command = {
  name: 'node found',
  summary: 'Prepare a ledger that this node orders alone: its DID, the genesis, a policy; makes each once',
  options: {
    ...CONFIG,
    origin: { type: 'string', help: 'name of the ledger in its checkpoints, such as ledger.example/main' },
  },
  load: () => import('../node/found-ledger.ts'),
};

export const nodePolicy: Command = {
  name: 'node policy',
  summary: 'Sign the step from the policy in force to another one with this node’s witness key',
  options: {
    ...CONFIG,
    next: { type: 'string', help: 'file with the policy that is to follow' },
    out: { type: 'string', help: 'file of the signed link; one that others have signed is signed further' },
  },
  load: () => import('../node/sign-policy.ts'),
};
