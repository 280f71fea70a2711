import {
  type Bytes,
  type CborValue,
  canonicalizeJson,
  concatBytes,
  type JsonValue,
  utf8,
} from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import type { Role } from '../types.ts';
import type { Rule } from './types.ts';

export type Execution = 'private' | 'shared';

/** What names a module: everything here is in its digest. The version stands for the code. */
export interface Declaration {
  readonly name: string;
  readonly version: string;
  /** Where its payloads may be decided on: by the parties, by every node, or as the channel chooses. */
  readonly execution: readonly Execution[];
  /** JSON Schemas of commands, events and state, or whatever else describes them. */
  readonly schemas: { readonly [name: string]: JsonValue };
  /** Digests (hex) of modules whose objects it goes on with. */
  readonly succeeds: readonly string[];
}

export type Fields = { readonly [field: string]: CborValue };

/** Happened to one of the objects of the line. */
export interface DecidedEvent {
  /** Place of the object among the heads of the line. */
  readonly object: number;
  readonly type: string;
  readonly data: Fields;
  /** Keys that must be unique in the channel for ever. The line carries their tokens, and no others. */
  readonly unique?: readonly string[];
  /** Keys taken until a later event of the object releases them. */
  readonly hold?: readonly string[];
  readonly release?: readonly string[];
}

/** As folded into a state: who and when come from the line, never from the data. */
export interface RecordedEvent extends DecidedEvent {
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
}

export interface DeciderContext {
  readonly channel: string;
  readonly actor: string;
  readonly height: number;
  /** Block time, unix seconds: the only clock there is. */
  readonly time: number;
  /** Roles of the actor in the registry, at the line; none where it is no active member. */
  readonly roles: readonly Role[];
  /** Whether somebody else signed the line too. */
  signedBy(did: string): boolean;
  /** Another object of the channel just before the line, by its ref in hex; undefined where it has no line. */
  read(ref: string): SeenState | undefined;
  /** How an object of this channel, or of one above it, began, by its ref in hex; undefined where it has no line. */
  beginning(channel: string, ref: string): Beginning | undefined;
  /** Whether a DID governs this channel or one above it; `main` is governed by its active members. */
  governs(did: string): boolean;
  /** Whether the consortium suspended that DID, or it left. */
  isBarred(did: string): boolean;
}

/** First line of an object. */
export interface Beginning {
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
  /** Hex; null: it does not say (blind). */
  readonly moduleDigest: string | null;
  /** What it commits to, hex. */
  readonly digest: string;
  /** Whether the object has had no other line. */
  readonly isLast: boolean;
}

export interface SeenState {
  /** Its last line, hex. */
  readonly head: string;
  /** Undefined: its parties decide on it, and no node has its state. */
  readonly state: CborValue | undefined;
}

/** A head of the line: which object it is, and who may move it from now on. */
export interface DecideHead {
  /** Hex. */
  readonly ref: string;
  /** Null: the rule in force stays. */
  readonly rule: (Omit<Rule, 'keys'> & { /** Hex. */ readonly keys: readonly string[] }) | null;
}

export interface DecideRequest<S> {
  /** Objects the line moves. Whoever begins one picks ref and rule: the decider says whether they are fit. */
  readonly heads: readonly DecideHead[];
  /** States of the objects the line moves, in the order of its heads; undefined for a first line. */
  readonly states: readonly (S | undefined)[];
  /** The payload. Hostile: the decider parses it. */
  readonly command: Fields;
  readonly context: DeciderContext;
}

/**
 * A module's rules, the same at the parties and on every node. Pure, synchronous, deterministic: no clock,
 * randomness, floats, locale or I/O; what it is given is frozen; its steps are bounded by the size of its input.
 */
export interface Decider<S extends CborValue = CborValue> {
  readonly declaration: Declaration;
  /** Refuses by throwing an AppError. */
  decide(request: DecideRequest<S>): readonly DecidedEvent[];
  /** Total: takes every event that `decide` made. */
  evolve(state: S | undefined, event: RecordedEvent): S;
}

const DIGEST_TAG = utf8('attestel/module/v1\n');

/** SHA-256(tag ‖ JCS(declaration)). */
export const moduleDigestOf = (declaration: Declaration): Bytes =>
  proofCrypto.sha256(concatBytes(DIGEST_TAG, utf8(canonicalizeJson(declaration as unknown as JsonValue))));
