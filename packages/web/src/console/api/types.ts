import type { JsonValue } from '@attestel/core';

/** Answers of the node, as far as the console reads them (specs/scenarios.md, HTTP). */
export type JsonObject = { readonly [field: string]: JsonValue };

export interface Session {
  readonly did: string;
  /** Unix seconds. */
  readonly expires: number;
  readonly channels: readonly string[];
}

export interface Member {
  readonly did: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
}

export interface ListedObject {
  readonly id: string;
  readonly status: string;
  readonly parties: readonly string[];
  /** Unix seconds; null where the module does not say. */
  readonly changed: number | null;
  readonly erased: number;
  readonly about: JsonObject;
}

export interface ObjectPage {
  readonly total: number;
  readonly statuses: { readonly [status: string]: number };
  readonly rows: readonly ListedObject[];
  /** Where the page ends, for the module to go on from. */
  readonly next: JsonObject | null;
}

export interface ObjectView {
  readonly id: string;
  readonly state: JsonValue;
  readonly head: string;
  readonly lines: number;
  readonly checked: boolean;
  readonly behind: boolean;
  readonly disputedBy: string | null;
}

export interface TypedEvent {
  readonly type: string;
  readonly object?: string;
  readonly data: JsonObject;
}

export interface HistoryLine {
  readonly number: number;
  readonly line: string;
  readonly index: number;
  readonly party: string;
  readonly time: number;
  readonly resolved: readonly string[];
  readonly payload: string;
  readonly actor?: string;
  readonly command?: string;
  readonly events?: readonly TypedEvent[];
}

export interface Payload {
  readonly module: string;
  readonly command: string;
  readonly id: string;
  readonly data: JsonValue;
  readonly party: string;
  readonly actor: string;
  readonly at: number;
  readonly events: readonly TypedEvent[];
  readonly batch?: { readonly size: number; readonly root: string };
}

export interface PayloadView {
  readonly line: string;
  readonly verdict: string;
  readonly payload: Payload;
  readonly salt: string;
  /** Where every node executed the line: what it commits to; what came of it stands in the ledger's state. */
  readonly committed?: JsonObject;
}

export interface ItemProof {
  readonly item: JsonValue;
  readonly salt: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}
