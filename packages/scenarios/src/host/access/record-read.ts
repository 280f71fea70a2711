import { isAppError, type JsonValue, toHex } from '@attestel/core';
import { fail } from '../../errors.ts';
import { EVERYONE, type Reader } from '../../module/module.ts';
import { runContractCommand } from '../commands/run-contract-command.ts';
import type { HostParts } from '../host-parts.ts';
import { nowOf } from '../queries/read-objects.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import { ACCESS_MODULE, type Access, MAX_TOLD } from './access-module.ts';
import { accessKey, isRecorded, noteRecorded } from './access-rows.ts';

type What = Omit<Access, 'reader' | 'actor'>;

/**
 * Records on the ledger that a regulator or auditor reads an object, told to whom its last payload was told. One record
 * stands for all readings of the same in an hour. Durable when it resolves, and only then may anything be answered.
 * @param head last line of the object, or the one whose payload is read; hex
 * @throws AppError access_unrecorded
 */
export const recordRead = (
  parts: HostParts,
  reader: Reader,
  { head, ...what }: Omit<What, 'query'> & { readonly head: string },
): Promise<void> => record(parts, reader, { ...what, query: null }, partiesOf(parts, head));

/** The same of an answer made from many objects: every member of the channel is told. @throws AppError access_unrecorded */
export const recordQuery = (
  parts: HostParts,
  reader: Reader,
  { module, query }: Pick<Access, 'module'> & { readonly query: string },
): Promise<void> => record(parts, reader, { module, object: null, line: null, query }, [EVERYONE]);

async function record(
  parts: HostParts,
  { channel, party, actor }: Reader,
  what: What,
  parties: readonly string[],
): Promise<void> {
  const access: Access = { reader: party, actor, ...what };
  const key = accessKey({ channel, ...access }, nowOf(parts));
  // Many who ask for the same at once wait for one record.
  await parts.lock.run([`access|${toHex(key)}`], async () => {
    if (isRecorded(parts.store, key)) return;
    try {
      const known = parts.modules.named(ACCESS_MODULE);
      const data = { ...access, parties } as unknown as JsonValue;
      const asked = { channel, module: known.digest, command: 'record', data, actor: parts.party.did };
      await runContractCommand(parts, asked);
      await parts.store.transact((writer) => noteRecorded(writer, key));
    } catch (cause) {
      const code = isAppError(cause) ? cause.code : 'failed';
      parts.logger.warn('contract_read_unrecorded', { channel, module: what.module, code });
      throw fail('access_unrecorded', { cause });
    }
  });
}

/** Whom a line was told to. */
function partiesOf({ store, vault }: HostParts, line: string): readonly string[] {
  const found = readPayloadRecord(store, line);
  const told = found?.sealed ? openKept(vault, line, found.sealed).payload.parties : found?.erased?.parties;
  const parties = told ?? [];
  return parties.length === 0 || parties.length > MAX_TOLD ? [EVERYONE] : parties;
}
