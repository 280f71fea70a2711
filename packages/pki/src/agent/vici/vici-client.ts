import { connect, type Socket } from 'node:net';
import { type Bytes, concatBytes, fromUtf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import {
  decodeMessage,
  encodeMessage,
  MAX_PACKET_BYTES,
  named,
  textIn,
  type ViciSection,
} from './message.ts';

/** A conversation with an IKE daemon over its vici socket; commands are answered in order. */
export interface ViciClient {
  /** @throws AppError vici_refused with the daemon's word, vici_unknown, vici_closed */
  request(command: string, message?: Parameters<typeof encodeMessage>[0]): Promise<ViciSection>;
  /** The same for a command whose answer comes as events before it. */
  list(command: string, event: string, message?: Parameters<typeof encodeMessage>[0]): Promise<ViciSection[]>;
  /** Until the connection ends. @throws AppError vici_unknown */
  listen(event: string, onEvent: (message: ViciSection) => void): Promise<void>;
  /** Resolves when the connection has ended, by whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Packet types of protocol version 1. */
const TYPE = {
  request: 0,
  response: 1,
  unknownCommand: 2,
  register: 3,
  unregister: 4,
  confirm: 5,
  unknownEvent: 6,
  event: 7,
} as const;

const LENGTH_BYTES = 4;

/** @throws whatever the socket says when nobody listens */
export async function connectVici(path: string): Promise<ViciClient> {
  const socket = connect({ path });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return new Conversation(socket);
}

interface Packet {
  readonly type: number;
  readonly body: Bytes;
}

class Conversation implements ViciClient {
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting: PromiseWithResolvers<Packet>[] = [];
  readonly #listeners = new Map<string, Set<(message: ViciSection) => void>>();
  #received: Buffer = Buffer.alloc(0);
  /** One command after another: answers carry no number. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const one of this.#waiting.splice(0)) one.reject(fail('vici_closed'));
      resolve();
    });
  }

  request(command: string, message: Parameters<typeof encodeMessage>[0] = {}): Promise<ViciSection> {
    return this.#inTurn(async () => {
      const { type, body } = await this.#ask(TYPE.request, command, encodeMessage(message));
      if (type !== TYPE.response) throw fail('vici_unknown', { field: command });
      const answer = decodeMessage(body);
      if (textIn(answer, 'success') === 'no') {
        throw fail('vici_refused', { field: command, detail: textIn(answer, 'errmsg') ?? 'no reason given' });
      }
      return answer;
    });
  }

  async list(command: string, event: string, message: Parameters<typeof encodeMessage>[0] = {}) {
    const items: ViciSection[] = [];
    const keep = (item: ViciSection): void => void items.push(item);
    await this.listen(event, keep);
    try {
      await this.request(command, message);
    } finally {
      await this.#stopListening(event, keep);
    }
    return items;
  }

  async listen(event: string, onEvent: (message: ViciSection) => void): Promise<void> {
    const known = this.#listeners.get(event);
    if (known) {
      known.add(onEvent);
      return;
    }
    this.#listeners.set(event, new Set([onEvent]));
    const { type } = await this.#inTurn(() => this.#ask(TYPE.register, event));
    if (type !== TYPE.confirm) throw fail('vici_unknown', { field: event });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #stopListening(event: string, onEvent: (message: ViciSection) => void): Promise<void> {
    const listeners = this.#listeners.get(event);
    listeners?.delete(onEvent);
    if (listeners?.size !== 0) return;
    this.#listeners.delete(event);
    await this.#inTurn(() => this.#ask(TYPE.unregister, event));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => {});
    return result;
  }

  #ask(type: number, name: string, body: Bytes = new Uint8Array()): Promise<Packet> {
    if (this.#socket.destroyed) return Promise.reject(fail('vici_closed'));
    const answer = Promise.withResolvers<Packet>();
    this.#waiting.push(answer);
    const packet = concatBytes(Uint8Array.of(type), named(name), body);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(packet.length);
    this.#socket.write(Buffer.concat([length, packet]));
    return answer.promise;
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      while (this.#received.length >= LENGTH_BYTES) {
        const length = this.#received.readUInt32BE(0);
        if (length === 0 || length > MAX_PACKET_BYTES) throw fail('vici_malformed', { field: 'length' });
        if (this.#received.length < LENGTH_BYTES + length) return;
        const packet = new Uint8Array(this.#received.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
        this.#received = this.#received.subarray(LENGTH_BYTES + length);
        this.#take(packet);
      }
    } catch {
      // Whatever comes after a broken packet has no meaning.
      this.#socket.destroy();
    }
  }

  #take(packet: Bytes): void {
    const type = packet[0] as number;
    if (type !== TYPE.event) {
      this.#waiting.shift()?.resolve({ type, body: packet.subarray(1) });
      return;
    }
    const nameLength = packet[1] ?? 0;
    const name = fromUtf8(packet.subarray(2, 2 + nameLength));
    const message = decodeMessage(packet.subarray(2 + nameLength));
    for (const listener of this.#listeners.get(name) ?? []) listener(message);
  }
}
