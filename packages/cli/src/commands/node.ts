import type { Command } from '../command.ts';

const CONFIG = {
  config: { type: 'string', help: 'JSON file with the node’s configuration (README, "A member’s own node")' },
} as const;

export const nodeStart: Command = {
  name: 'node',
  summary: 'Start one member’s node: it follows the ledger, executes it and cosigns it',
  options: CONFIG,
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
