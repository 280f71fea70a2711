import { AppError, type Bytes, type CborValue, utf8 } from '@attestel/core';
import type { ApplyContext, LedgerEvent, LedgerModule, Operation, StateReader } from '@attestel/ledger';
import { proofCrypto } from '@attestel/ledger';
import {
  channelModule,
  createEventModule,
  type Decider,
  namespaceRule,
  registryModule,
} from '@attestel/registry';
import { vi } from 'vitest';
import { createFakeDids } from './fake-dids.ts';
import { A, B, C, createFakeState, genesisBody, P, timeAt, V } from './fake-ledger.ts';

type FakeState = ReturnType<typeof createFakeState>;

export interface ChannelSubmission {
  readonly module: string;
  readonly ns?: string;
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  /** First acts, all sign. */
  readonly by: readonly string[];
  /** Keys that sign besides. */
  readonly keys?: readonly Bytes[];
  readonly time?: number;
}

/** 32 bytes that a test can name. */
export const bytes32 = (name: string | number): Bytes => proofCrypto.sha256(utf8(String(name)));

/** Runs operations of registry, channels and lines as a ledger would: all or nothing, in key order. */
export function createFakeChannels(deciders: readonly Decider[] = []) {
  const modules = new Map<string, LedgerModule>(
    [registryModule, channelModule, createEventModule(deciders)].map((module) => [module.name, module]),
  );
  const states = new Map<string, FakeState>([...modules.keys()].map((name) => [name, createFakeState()]));
  const dids = createFakeDids(() => 0);
  const read = (name: string): StateReader => (name === 'did' ? dids.state : (states.get(name) as FakeState));
  let height = 0;
  let number = 0;
  const submit = (
    one: ChannelSubmission,
  ): { readonly id: Bytes; readonly events: readonly LedgerEvent[] } => {
    const { module: name, ns = 'main', kind, body, by, keys = [] } = one;
    const { time = timeAt(height + 1) } = one;
    const module = modules.get(name) as LedgerModule;
    const actor = by[0] as string;
    const heads = body.heads as readonly { prevHead: Bytes | null }[] | undefined;
    const previous = (heads?.[0]?.prevHead ?? body.head ?? null) as Bytes | null;
    const id = bytes32(`operation ${number++}`);
    const operation = {
      id,
      payload: { ns, kind, body, actor, previous },
      attachment: null,
    } as unknown as Operation;
    const context: ApplyContext = {
      network: 'test',
      ns,
      height: height + 1,
      time,
      read,
      ...dids.signatures(by, keys),
    };
    module.checkStateless(operation);
    if (ns !== 'main') namespaceRule(read, { ns, module: name, actor, time });
    const before = states.get(name) as FakeState;
    const next = before.copy() as FakeState;
    // Other modules, and this one, are read as they are after what this operation wrote so far.
    states.set(name, next);
    try {
      const events = module.apply(next, operation, context);
      height += 1;
      return { id, events };
    } catch (error) {
      states.set(name, before);
      throw error;
    }
  };
  submit({ module: 'registry', kind: 'genesis', body: genesisBody, by: [A, B, C, V, P] });
  return {
    submit,
    /** Code (and field) of the refusal; undefined where accepted. */
    refusal(one: ChannelSubmission): string | undefined {
      try {
        submit(one);
        return undefined;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return error.field === undefined ? error.code : `${error.code} ${error.field}`;
      }
    },
    dropKeys: dids.drop,
    lendKey: dids.lend,
    /** How often a list of a module's entries is read from now on. */
    countReads(name: string, prefix: string): () => number {
      const state = states.get(name) as FakeState;
      const list = vi.spyOn(state, 'list');
      return () => list.mock.calls.filter(([asked]) => asked === prefix).length;
    },
    state: (name: string) => states.get(name) as FakeState,
    read,
    now: () => timeAt(height),
  };
}

export type FakeChannels = ReturnType<typeof createFakeChannels>;

export const ALWAYS = { from: 0, until: null };

export const openBody = (channel: string, change: Record<string, CborValue> = {}) => ({
  channel,
  governors: [A, B],
  threshold: 2,
  read: 'members',
  shared: [],
  validity: ALWAYS,
  members: [A, B, C].map((did) => ({ did, role: 'writer', validity: ALWAYS })),
  ...change,
});

/** Governs with the fields of {@link openBody}, which has no members. */
export const governBody = (channel: string, change: Record<string, CborValue> = {}) => {
  const { members: _, ...body } = openBody(channel, change);
  return body;
};

/** A ledger with the channel `gd`, governed by A and B, written by A, B and C. */
export function channelLedger(
  change: Record<string, CborValue> = {},
  deciders: readonly Decider[] = [],
): FakeChannels {
  const ledger = createFakeChannels(deciders);
  ledger.submit({ module: 'channel', kind: 'open', body: openBody('gd', change), by: [A, B] });
  return ledger;
}
