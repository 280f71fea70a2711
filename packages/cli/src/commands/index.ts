import type { Command } from '../command.ts';
import { appRegister, appSecret } from './app.ts';
import { credentialOffer, deskEvent } from './desk.ts';
import { didCreate, didKeys, didResolve, didRotate, didSign } from './did.ts';
import { doctor } from './doctor.ts';
import {
  ledgerAnchor,
  ledgerCheckpoint,
  ledgerCompact,
  ledgerExport,
  ledgerFsck,
  ledgerGenesis,
  ledgerImport,
  ledgerPolicy,
  ledgerRestore,
  ledgerSnapshot,
  ledgerVerify,
} from './ledger.ts';
import { nodeEngine, nodeFound, nodePolicy, nodeStart, nodeWitness } from './node.ts';
import { pkiAgent, pkiCheck } from './pki.ts';
import { registryList, registrySign, registrySubLedger, registryValidator } from './registry.ts';
import { sampleSubscribers } from './sample.ts';
import { up } from './up.ts';
import { walletCards, walletHistory, walletPresent, walletReceive } from './wallet.ts';

/** Every command, in the order of `attestel --help`. */
export const commands: readonly Command[] = [
  up,
  nodeStart,
  nodeFound,
  nodeWitness,
  nodePolicy,
  nodeEngine,
  doctor,
  credentialOffer,
  deskEvent,
  walletReceive,
  walletCards,
  walletPresent,
  walletHistory,
  appRegister,
  appSecret,
  didCreate,
  didRotate,
  didKeys,
  didSign,
  didResolve,
  registryList,
  registryValidator,
  registrySubLedger,
  registrySign,
  ledgerVerify,
  ledgerExport,
  ledgerImport,
  ledgerGenesis,
  ledgerCheckpoint,
  ledgerPolicy,
  ledgerFsck,
  ledgerSnapshot,
  ledgerRestore,
  ledgerCompact,
  ledgerAnchor,
  pkiCheck,
  pkiAgent,
  sampleSubscribers,
];
