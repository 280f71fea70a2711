import { hash } from 'node:crypto';
import {
  type Bytes,
  decodeCbor,
  encodeCbor,
  fromUtf8,
  type StoreReader,
  type StoreWriter,
  utf8,
} from '@attestel/core';
import type { Vault } from '../ports.ts';

const TABLE = 'contract.credential';

export interface CredentialName {
  readonly channel: string;
  readonly subject: string;
  /** Hex. */
  readonly ref: string;
}

// Subjects may be persons: the table's keys do not name them.
const prefixOf = (channel: string, subject: string): string =>
  `${channel}|${hash('sha256', subject, 'hex')}|`;

/** @param keyName of the vault */
export function putCredential(
  writer: StoreWriter,
  vault: Pick<Vault, 'seal'>,
  name: CredentialName,
  { jwt, keyName }: { readonly jwt: string; readonly keyName: string },
): void {
  const key = utf8(prefixOf(name.channel, name.subject) + name.ref);
  writer.put(TABLE, key, encodeCbor([keyName, vault.seal(keyName, utf8(jwt))]));
}

/** Credentials of a subject in a channel, in the order of their refs; without those whose key was destroyed. */
export function* listCredentials(
  reader: StoreReader,
  vault: Pick<Vault, 'has' | 'open'>,
  { channel, subject }: Omit<CredentialName, 'ref'>,
): Iterable<{ readonly ref: string; readonly jwt: string }> {
  const prefix = prefixOf(channel, subject);
  // Refs are hex digits, all of which stand before `g`.
  for (const [key, value] of reader.range(TABLE, { from: utf8(prefix), to: utf8(`${prefix}g`) })) {
    const [keyName, sealed] = decodeCbor(value) as unknown as readonly [string, Bytes];
    if (!vault.has(keyName)) continue;
    yield { ref: fromUtf8(key.subarray(prefix.length)), jwt: fromUtf8(vault.open(keyName, sealed)) };
  }
}
