import type { Command } from '../command.ts';

const WALLET = {
  node: {
    type: 'string',
    help: 'origin whose DIDs and registry the wallet believes (default http://localhost:4120)',
  },
  policy: {
    type: 'string',
    help: 'file with the network’s policy: believe its witnesses instead of the node (C2SP tlog-policy)',
  },
  wallet: { type: 'string', help: 'folder of the wallet (default .attestel-wallet)' },
} as const;

export const walletReceive: Command = {
  name: 'wallet receive',
  summary: 'Accept a credential offer into the headless wallet',
  positionals: ['OFFER'],
  options: { ...WALLET, pin: { type: 'string', help: 'the PIN the operator gave with the offer' } },
  load: () => import('../wallet/receive-card.ts'),
};

export const walletCards: Command = {
  name: 'wallet cards',
  summary: 'List the cards of the headless wallet',
  options: WALLET,
  load: () => import('../wallet/list-cards.ts'),
};

export const walletPresent: Command = {
  name: 'wallet present',
  summary: 'Show who asks and what would leave, and answer a presentation request',
  positionals: ['REQUEST'],
  options: {
    ...WALLET,
    approve: { type: 'boolean', help: 'answer with a card' },
    refuse: { type: 'boolean', help: 'tell the asker no' },
  },
  load: () => import('../wallet/answer-request.ts'),
};

export const walletHistory: Command = {
  name: 'wallet history',
  summary: 'What left the headless wallet, when, to whom',
  options: WALLET,
  load: () => import('../wallet/read-history.ts'),
};
