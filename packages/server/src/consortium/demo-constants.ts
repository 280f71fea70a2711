/** Stands in the source for everyone to read: it protects nothing, and only the demo uses it. */
export const DEMO_PASSPHRASE = 'attestel demo: not a secret';

/** A public passphrase protects nothing, so that stretching it would only slow every start. */
export const DEMO_SCRYPT_N = 2 ** 10;

/** Where the demo's ledger is, and who signs its checkpoints with which key. */
export const DEMO_LEDGER = {
  origin: 'attestel.demo/demo',
  folder: 'ledger',
  sequencer: 'zhonglian',
  checkpointKey: 'ledger/checkpoint',
} as const;
