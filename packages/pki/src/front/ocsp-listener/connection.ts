import type { Socket } from 'node:net';
import type { Bytes, Clock } from '@attestel/core';
import { answerGet, answerPost } from '../ocsp/over-http.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import type { Refusal, RequestHead } from './request-head.ts';
import { type Read, RequestReader } from './request-reader.ts';
import { CONTINUE, writeAnswer, writeRefusal } from './response-bytes.ts';

/** An answer that went out, for counting. */
export interface OcspAnswered {
  /** Undefined where the request was refused. */
  readonly isGet: boolean | undefined;
  readonly status: number;
  /** From the whole request to its answer. */
  readonly seconds: number;
}

/** What the connections of one listener have in common. */
export interface ConnectionHost {
  readonly path: string;
  readonly responder: OcspResponder;
  readonly clock: Clock;
  readonly observe: (answered: OcspAnswered) => void;
  /** The listener's count of ticks, a second each. */
  readonly tick: () => number;
  /** Over when an answer may go out. */
  readonly departure: () => Promise<void>;
  /** No connection is kept any more. */
  readonly isClosing: () => boolean;
}

/** Ticks that a client may take for each step; who is slower takes up room that others need. */
const TICKS = { request: 5, idle: 15, taking: 10, lingering: 2 } as const;
/** What is thrown away after a refusal, so that the client reads it before its own sending fails (RFC 9112 §9.6). */
const MAX_LINGERING_BYTES = 262_144;

/** One client: its requests are answered one after the other, in their order. */
export class OcspConnection {
  private readonly socket: Socket;
  private readonly host: ConnectionHost;
  private readonly reader: RequestReader;
  private state: 'reading' | 'answering' | 'draining' | 'lingering' = 'reading';
  private deadline: number;
  private hasEnded = false;
  private thrownAway = 0;

  constructor(socket: Socket, host: ConnectionHost) {
    this.socket = socket;
    this.host = host;
    this.reader = new RequestReader(host.path);
    this.deadline = host.tick() + TICKS.request;
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('end', () => this.end());
    // A client that goes away is its own affair; `close` follows.
    socket.on('error', () => {});
  }

  /** Called at each tick. */
  expire(tick: number): void {
    if (tick <= this.deadline || this.state === 'answering') return;
    if (this.state === 'reading' && !this.reader.isEmpty) this.refuse({ status: 408 });
    else this.socket.destroy();
  }

  /** Ends at once where nothing is under way, else with the next answer. */
  retire(): void {
    if (this.state === 'reading' && this.reader.isEmpty) this.socket.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    if (this.state === 'lingering') {
      this.thrownAway += chunk.length;
      if (this.thrownAway > MAX_LINGERING_BYTES) this.socket.destroy();
      return;
    }
    if (this.reader.isEmpty) this.deadline = this.host.tick() + TICKS.request;
    this.reader.push(chunk);
    // More may wait where it is: the system makes the client wait, too.
    if (this.state === 'reading') this.proceed();
    else this.socket.pause();
  }

  private end(): void {
    this.hasEnded = true;
    if (this.state === 'reading') this.socket.destroy();
  }

  private proceed(): void {
    let read = this.reader.next();
    while (read.kind === 'continue') {
      this.socket.write(CONTINUE);
      read = this.reader.next();
    }
    this.act(read);
  }

  private act(read: Exclude<Read, { kind: 'continue' }>): void {
    if (read.kind === 'request') {
      this.state = 'answering';
      void this.answer(read.head, read.body);
    } else if (read.kind === 'refused') this.refuse(read.refusal);
    else if (this.hasEnded) this.socket.destroy();
    else this.read();
  }

  private async answer({ encoded, closes }: RequestHead, body: Bytes): Promise<void> {
    const { responder, clock, observe, isClosing, departure } = this.host;
    const started = performance.now();
    const isGet = encoded !== undefined;
    try {
      const answer = isGet ? await answerGet(responder, encoded) : await answerPost(responder, body);
      // A connection that ends wakes its client twice, whenever the answer goes out.
      if (!closes) await departure();
      const isLast = closes || isClosing();
      const bytes = writeAnswer(answer, { isGet, closes: isLast }, clock.now());
      observe({ isGet, status: 200, seconds: (performance.now() - started) / 1000 });
      this.write(bytes, isLast);
    } catch {
      // The responder has an answer for everything; whatever else it is, the client must not wait for it.
      this.refuse({ status: 500 });
    }
  }

  private write(bytes: Buffer, isLast: boolean): void {
    const { socket, reader } = this;
    if (socket.destroyed) return;
    const hasRoom = socket.write(bytes);
    // What the system has taken, it delivers, unless there is something unread; half-closing first costs a tenth of it all.
    if (isLast && reader.isEmpty && socket.writableLength === 0) socket.destroy();
    else if (isLast) this.linger();
    else if (hasRoom) this.readOn();
    else {
      this.state = 'draining';
      this.deadline = this.host.tick() + TICKS.taking;
      socket.once('drain', () => this.readOn());
    }
  }

  private readOn(): void {
    const { reader, host, socket } = this;
    this.deadline = host.tick() + (reader.isEmpty ? TICKS.idle : TICKS.request);
    if (reader.hasMore) {
      // Requests sent in one go are not answered in one: other connections come between. Their answers go out at once,
      // which a client that waits for each answer has without this call to the system.
      socket.setNoDelay(true);
      this.state = 'answering';
      setImmediate(() => {
        if (!socket.destroyed) this.proceed();
      });
    } else if (this.hasEnded) socket.destroy();
    else this.read();
  }

  private read(): void {
    this.state = 'reading';
    if (this.socket.isPaused()) this.socket.resume();
  }

  private refuse(refusal: Refusal): void {
    const { socket, host } = this;
    if (socket.destroyed) return;
    host.observe({ isGet: undefined, status: refusal.status, seconds: 0 });
    socket.write(writeRefusal(refusal, host.clock.now()));
    this.linger();
  }

  /** After the last answer: what the client still sends is thrown away until it has read it. */
  private linger(): void {
    this.state = 'lingering';
    const isTaken = this.socket.writableLength === 0;
    this.deadline = this.host.tick() + (isTaken ? TICKS.lingering : TICKS.taking);
    this.socket.end();
    if (this.socket.isPaused()) this.socket.resume();
  }
}
