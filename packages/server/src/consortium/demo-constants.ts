/** Stands in the source for everyone to read: it protects nothing, and only the demo uses it. */
export const DEMO_PASSPHRASE = 'attestel demo: not a secret';

/** A public passphrase protects nothing, so that stretching it would only slow every start. */
export const DEMO_SCRYPT_N = 2 ** 10;

/** Where the demo's ledger is, who signs its checkpoints and with which keys. */
export const DEMO_LEDGER = {
  folder: 'ledger',
  sequencer: 'zhonglian',
  checkpointKey: 'ledger/checkpoint',
  /** Cosigns what the operator's node has executed itself. */
  witnessKey: 'ledger/witness',
  /** Policy that wallets and `did resolve` are given, in the data folder. */
  policyFile: 'policy.txt',
} as const;

/** Name of the ledger in its checkpoints: one for each data folder, as its network. */
export const demoOrigin = (network: string): string => `attestel.demo/${network}`;

/** Genesis of the engines' chain, in the data folder of a demo that validators order. */
export const ENGINE_GENESIS_FILE = 'engine-genesis.json';
