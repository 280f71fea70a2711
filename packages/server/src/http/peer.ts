import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { HttpRequest } from '@attestel/core';
import { networkOf } from './token-buckets.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether the other end of a connection is a program of this machine. An address unknown is not. */
export const isLoopback = (address = ''): boolean =>
  LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/**
 * The network that a request comes from, to count by; undefined for programs of this machine, among them a proxy for
 * clients that cannot be told apart. What a header says, anybody can write.
 */
export function clientNetworkOf({ raw }: HttpRequest): string | undefined {
  const { socket } = (raw?.req ?? {}) as Partial<IncomingMessage>;
  const address = socket?.remoteAddress;
  return address === undefined || isLoopback(address) ? undefined : networkOf(address);
}

const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Whether the request was made on this machine, not only handed in by a proxy that runs here. A header can
 * only take from what a peer may do: it never makes a stranger local.
 */
export const isLocalRequest = ({ socket, headers }: IncomingMessage): boolean =>
  isLoopback(socket.remoteAddress) && PASSED_ON.every((name) => headers[name] === undefined);
