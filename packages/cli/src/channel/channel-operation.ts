import { systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLedgerClient } from '@attestel/ledger';
import { buildChannelOperation, type ChannelOperationRequest, parentOf } from '@attestel/registry';
import type { CommandInput, CommandResult } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { passOn, validityOf } from '../registry/draft.ts';
import { signersOf } from '../registry/signers-of.ts';

interface Decision extends Pick<ChannelOperationRequest, 'kind' | 'body'> {
  readonly channel: string;
}

/**
 * Signs what is decided about a channel, in the name of `--as`, and sends it or passes it on. A channel is opened by
 * the one above it; else its own governors decide. @throws AppError channel_body_invalid, and what the ledger says
 */
export async function decide(
  values: CommandInput['values'],
  { channel, kind, body }: Decision,
): Promise<CommandResult> {
  const parties = await signersOf(values);
  const [{ identity }] = parties;
  const operation = await buildChannelOperation({
    ...{ kind, body: { channel, ...body }, ns: kind === 'open' ? parentOf(channel) : channel },
    actor: identity.did,
    sequence: await createLedgerClient({ url: nodeOf(values), fetch }).sequence('channel', identity.did),
    network: parseDid(identity.did).network,
    notAfter: unixSeconds(systemClock) + validityOf(values),
    signers: await Promise.all(parties.map(({ keyStore, identity: own }) => keyStore.signer(own.ledgerKey))),
  });
  return passOn(operation, values);
}
