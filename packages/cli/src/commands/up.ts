import type { Command } from '../command.ts';
import { DATA } from './options.ts';

export const up: Command = {
  name: 'up',
  summary: 'Start the demo consortium: operators, ledger, bridge, wallet and two apps',
  options: {
    ...DATA,
    port: { type: 'string', help: 'first port (default 4100)' },
    operators: { type: 'string', help: 'how many operators, 1 to 3 (default 3)' },
    driver: {
      type: 'string',
      help: 'who orders the ledger: solo, the first operator with the others as witnesses (default), or cometbft, a validator per operator and one of the platform',
    },
    reset: { type: 'boolean', help: 'forget all data of the demo first' },
    'no-apps': { type: 'boolean', help: 'do not start the two demo apps' },
    'no-scenarios': { type: 'boolean', help: 'neither nodes nor first objects of the scenarios' },
    refresh: { type: 'string', help: 'seconds between status refreshes of the bridge (default 30)' },
    tls: {
      type: 'boolean',
      help: 'serve everything but the apps over TLS, under a root made for this data folder',
    },
    log: { type: 'string', help: 'log level: debug, info, warn, error, silent (default warn)' },
  },
  load: () => import('../up/start-demo.ts'),
};
