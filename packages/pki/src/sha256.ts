import { proofCrypto } from '@attestel/ledger';

export const { sha256 } = proofCrypto;
