import type { Command } from '../command.ts';
import { appRegister, appSecret } from './app.ts';
import { credentialOffer } from './credential-offer.ts';
import { deskEvent } from './desk-event.ts';
import { didResolve } from './did-resolve.ts';
import { doctor } from './doctor.ts';
import { ledgerCheckpoint, ledgerExport, ledgerVerify } from './ledger.ts';
import { registryList } from './registry-list.ts';
import { sampleSubscribersCommand } from './sample-subscribers.ts';
import { up } from './up.ts';
import { walletCards, walletHistory, walletPresent, walletReceive } from './wallet.ts';

/** Every command, in the order of `attestel --help`. */
export const commands: readonly Command[] = [
  up,
  doctor,
  credentialOffer,
  deskEvent,
  walletReceive,
  walletCards,
  walletPresent,
  walletHistory,
  appRegister,
  appSecret,
  didResolve,
  registryList,
  ledgerVerify,
  ledgerExport,
  ledgerCheckpoint,
  sampleSubscribersCommand,
];
