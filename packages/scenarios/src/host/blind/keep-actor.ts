import type { HostParts } from '../host-parts.ts';
import { type CommonActor, deleteActor, listActors, prepareActors, writeActor } from './common-actor-rows.ts';
import { isWriter } from './present-actor.ts';

/** Keeps one that another party made, and forgets those of others that the ledger takes no line of any more. */
export async function keepActor(parts: HostParts, channel: string, actor: CommonActor): Promise<void> {
  const over = listActors(parts, channel).filter(({ did, mine }) => !mine && !isWriter(parts, channel, did));
  await prepareActors(parts.vault);
  await parts.store.transact((writer) => {
    for (const { did } of over) deleteActor(writer, channel, did);
    writeActor(writer, parts.vault, channel, actor);
  });
}
