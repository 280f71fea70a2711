import { multikeyToText, toBase64url } from '@attestel/core';
import { problemOf } from '../field/answer-of.ts';
import type { Hours } from '../field/shift.ts';
import type { PhoneDatabase } from './database.ts';
import { makeKey, type PhoneKey, signWith } from './keys.ts';
import { callNode } from './node-calls.ts';
import { commitmentTo, creationOf, type DidDraft } from './phone-did.ts';

/** What the member decided about this inspector. */
export interface Appointment {
  readonly did: string;
  readonly name: string;
  readonly province: string;
  readonly city: string | null;
  /** Unix seconds. */
  readonly until: number;
  readonly shift: Hours;
}

export interface Identity {
  readonly appointment: Appointment;
  /** Signs calls. */
  readonly key: PhoneKey;
  /** Signed the creation of the DID; the next one may replace it. They are for later changes of the DID. */
  readonly control: PhoneKey;
  readonly next: PhoneKey;
}

interface Begun extends Omit<Identity, 'appointment'> {
  readonly code: string;
}

const [IDENTITY, BEGUN] = ['identity', 'pairing'] as const;
const CODE = /#pair=([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])/;

/** Code of a pairing link, from the address or from what was pasted. */
export const codeOfLink = (text: string): string | undefined =>
  text.length > 1024 ? undefined : CODE.exec(text)?.[1];

export const readIdentity = (db: PhoneDatabase): Promise<Identity | undefined> => db.get(IDENTITY);

/** Code of a pairing that was begun and not finished. */
export const pendingCode = async (db: PhoneDatabase): Promise<string | undefined> =>
  (await db.get<Begun>(BEGUN))?.code;

/** Why this phone was not paired: a code of the node, `offline`, or `pairing_differs` for a draft that is not ours. */
export type Paired = { readonly identity: Identity } | { readonly problem: string };

/**
 * Pairs this phone with the node that serves the page. Keys are kept before anything leaves the phone, so that it can be
 * repeated at any step: the node knows them again.
 */
export async function pair(db: PhoneDatabase, code: string): Promise<Paired> {
  const begun = await begin(db, code);
  const { key, control, next } = begun;
  const keys = { key: key.publicKey, control: control.publicKey, next: next.publicKey };
  const asked = {
    ...{ code, key: multikeyToText(keys.key), control: multikeyToText(keys.control) },
    next: toBase64url(commitmentTo(keys.next)),
  };
  const drafted = await callNode('/v1/inspection/pairings', { body: asked });
  if (drafted?.status !== 200) return refused(db, drafted);
  let creation: ReturnType<typeof creationOf>;
  try {
    creation = creationOf(drafted.body as DidDraft, keys);
  } catch {
    return { problem: 'pairing_differs' };
  }
  const signature = toBase64url(await signWith(control, creation.message));
  const payload = toBase64url(creation.payload);
  const done = await callNode('/v1/inspection/pairings/complete', { body: { code, payload, signature } });
  if (done?.status !== 201) return refused(db, done);
  const { did } = drafted.body as DidDraft;
  const identity = { appointment: { ...(done.body as Appointment), did }, key, control, next };
  await db.put(IDENTITY, identity);
  await db.remove(BEGUN);
  return { identity };
}

async function begin(db: PhoneDatabase, code: string): Promise<Begun> {
  const before = await db.get<Begun>(BEGUN);
  if (before?.code === code) return before;
  const begun = { code, key: await makeKey(), control: await makeKey(), next: await makeKey() };
  await db.put(BEGUN, begun);
  return begun;
}

/** Links that will never do are forgotten; after anything else the same link may be tried again. */
const OVER = ['invite_unknown', 'invite_expired', 'invite_used'];

async function refused(db: PhoneDatabase, answer: Awaited<ReturnType<typeof callNode>>): Promise<Paired> {
  if (!answer) return { problem: 'offline' };
  const problem = problemOf(answer.body).code ?? `http_${answer.status}`;
  if (OVER.includes(problem)) await db.remove(BEGUN);
  return { problem };
}
