import { type Bytes, type CborValue, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { buildPkiOperation, type PkiKind } from '@attestel/pki';
import type { CommandInput, CommandResult } from '../command.ts';
import type { ActingParty } from '../data-folder.ts';
import { textList } from '../option-values.ts';
import { passOn, validityOf } from '../registry/draft.ts';
import { signersOf } from '../registry/signers-of.ts';

type Values = CommandInput['values'];
type Body = { readonly [field: string]: CborValue };

/** Who signs a change: the first party acts. */
export interface Signing {
  readonly parties: readonly [ActingParty, ...ActingParty[]];
  /** DID of the first party. */
  readonly actor: string;
  /** DIDs of all parties, and those of `--voter` that sign a draft later. */
  readonly voters: readonly string[];
}

/** @throws argument_missing, data_missing */
export async function signingOf(values: Values): Promise<Signing> {
  const parties = await signersOf(values);
  const signing = parties.map(({ identity }) => identity.did);
  const voters = [...new Set([...signing, ...textList(values, 'voter')])];
  return { parties, actor: parties[0].identity.did, voters };
}

/** What a command has decided to put on the ledger. */
export interface PkiChange {
  readonly kind: Exclude<PkiKind, 'submit'>;
  readonly body: Body;
  /** Last operation on the anchor or batch; null for everything else. */
  readonly previous?: Bytes | null;
}

/** Signs the change and sends it, or writes it to `--out`. @throws AppError pki_body_invalid; the ledger's refusal */
export async function sendChange(
  values: Values,
  { parties, actor }: Signing,
  { kind, body, previous = null }: PkiChange,
): Promise<CommandResult> {
  const operation = await buildPkiOperation({
    ...{ kind, actor, previous, body: { v: 1, ...body } },
    network: parseDid(actor).network,
    notAfter: unixSeconds(systemClock) + validityOf(values),
    signers: await Promise.all(parties.map(({ keyStore, identity }) => keyStore.signer(identity.ledgerKey))),
  });
  return passOn(operation, values);
}
