import { type Bytes, fromUtf8, type StoreReader, type StoreWriter, sha256, utf8 } from '@attestel/core';
import type { Appointment } from './pairing.schema.ts';

/** A phone that works for this member. */
export interface Inspector extends Appointment {
  readonly did: string;
  /** Object of `host.credential` that appoints it. */
  readonly credential: string;
}

/** An invitation, and how far the one phone that took it has come. */
export interface Invite {
  readonly appointment: Appointment;
  /** Unix seconds. */
  readonly expires: number;
  /** Chosen with the invitation, so that whatever is repeated appoints nobody twice. */
  readonly credential: string;
  readonly phone: PhoneDraft | null;
}

export interface PhoneDraft {
  /** Multikeys, and a commitment in base64url. */
  readonly key: string;
  readonly control: string;
  readonly next: string;
  readonly did: string;
  /** Base64url. */
  readonly genesis: string;
  readonly attachment: string;
}

const INVITES = 'inspection/invites';
const INSPECTORS = 'inspection/inspectors';

/** A link is a secret: the store knows what it hashes to. */
const nameOf = (code: string): Bytes => sha256(utf8(code));

export const readInvite = (reader: StoreReader, code: string): Invite | undefined =>
  parsed<Invite>(reader.get(INVITES, nameOf(code)));

export const writeInvite = (writer: StoreWriter, code: string, invite: Invite): void =>
  writer.put(INVITES, nameOf(code), bytesOf(invite));

/** Forgets invitations that nobody took in time. */
export function forgetExpired(writer: StoreWriter, before: number): void {
  const old = [...writer.range(INVITES)].filter(
    ([, value]) => (parsed<Invite>(value)?.expires ?? 0) < before,
  );
  for (const [key] of old) writer.delete(INVITES, key);
}

export const readInspector = (reader: StoreReader, did: string): Inspector | undefined =>
  parsed<Inspector>(reader.get(INSPECTORS, utf8(did)));

export const writeInspector = (writer: StoreWriter, inspector: Inspector): void =>
  writer.put(INSPECTORS, utf8(inspector.did), bytesOf(inspector));

const bytesOf = (value: Invite | Inspector): Bytes => utf8(JSON.stringify(value));

const parsed = <T>(bytes: Bytes | undefined): T | undefined => bytes && (JSON.parse(fromUtf8(bytes)) as T);
