import {
  type Bytes,
  type CborValue,
  concatBytes,
  encodeCbor,
  type MultikeyBytes,
  type Signer,
  toHex,
  utf8,
} from '@attestel/core';
import type {
  LedgerEvent,
  LedgerModule,
  Operation,
  OperationPayload,
  State,
  StateReader,
} from '@attestel/ledger';
import { didModule } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { verifySignature } from './seeded.ts';

const TAG = utf8('attestel/operation/v1\n');

/** An operation made without package ledger, so that two programs must agree on its bytes. */
export async function signOperation(
  payload: OperationPayload,
  signers: readonly Signer[],
  attachment: Bytes | null = null,
): Promise<Operation> {
  const payloadBytes = encodeCbor(payload as unknown as CborValue);
  const message = concatBytes(TAG, payloadBytes);
  const signatures = await Promise.all(
    signers.map(async (signer) => ({ key: signer.publicKey, signature: await signer.sign(message) })),
  );
  return { payload, payloadBytes, id: sha256(message), signatures, attachment };
}

export class MemoryState implements State {
  readonly entries: Map<string, CborValue>;

  constructor(entries: Iterable<readonly [string, CborValue]> = []) {
    this.entries = new Map(entries);
  }
  get(key: string): CborValue | undefined {
    return this.entries.get(key);
  }
  list(prefix: string): Iterable<readonly [string, CborValue]> {
    return [...this.entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }
  find(): undefined {}
  put(key: string, value: CborValue): void {
    this.entries.set(key, value);
  }
  delete(key: string): void {
    this.entries.delete(key);
  }
}

const EMPTY_STATE: StateReader = { get: () => undefined, list: () => [], find: () => undefined };

/** As much of a ledger as module `did` and the resolver can see, one operation per block. */
export class FakeLedger {
  readonly network: string;
  readonly module: LedgerModule;
  readonly attachments = new Map<string, Bytes>();
  readonly log: { operation: Operation; time: number }[] = [];
  time = 1_800_000_000;
  #state = new MemoryState();

  constructor(network = 'test', module: LedgerModule = didModule) {
    this.network = network;
    this.module = module;
  }

  head() {
    return {
      height: this.log.length,
      time: this.time,
      size: this.log.length,
      root: new Uint8Array(32),
      state: new Uint8Array(32),
      body: '',
      appHash: new Uint8Array(32),
      checkpoint: '',
    };
  }
  state(module: string): StateReader {
    return module === 'did' ? this.#state : EMPTY_STATE;
  }
  attachment(operationId: Bytes): Bytes | undefined {
    return this.attachments.get(toHex(operationId));
  }

  /** As a validator does: form and document, signatures, then state; nothing stays when it throws. */
  submit(operation: Operation): readonly LedgerEvent[] {
    this.module.checkStateless(operation);
    this.module.checkAttachment?.(operation);
    const events = this.#apply(operation, this.time + 1);
    this.time += 1;
    this.log.push({ operation, time: this.time });
    if (operation.attachment) this.attachments.set(toHex(operation.id), operation.attachment);
    return events;
  }

  /** State after the signed part of the log alone. */
  replayed(): ReadonlyMap<string, CborValue> {
    const copy = new FakeLedger(this.network, this.module);
    for (const { operation, time } of this.log) {
      const erased = { ...operation, attachment: null };
      copy.module.checkStateless(erased);
      copy.#apply(erased, time);
    }
    return copy.#state.entries;
  }
  snapshot(): ReadonlyMap<string, CborValue> {
    return this.#state.entries;
  }

  #apply(operation: Operation, time: number): readonly LedgerEvent[] {
    const draft = new MemoryState(this.#state.entries);
    const signers = verifiedSigners(operation);
    const events = this.module.apply(draft, operation, {
      network: this.network,
      ns: operation.payload.ns,
      height: this.log.length + 1,
      time,
      read: (module) => this.state(module),
      signedBy: () => false,
      signers,
    });
    this.#state = draft;
    return events;
  }
}

function verifiedSigners({ payloadBytes, signatures }: Operation): readonly MultikeyBytes[] {
  const message = concatBytes(TAG, payloadBytes);
  for (const { key, signature } of signatures) {
    if (!verifySignature(key, message, signature)) throw new Error('a signature does not verify');
  }
  return signatures.map(({ key }) => key);
}
