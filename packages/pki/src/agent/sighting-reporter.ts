import { isIPv6 } from 'node:net';
import { isAppError, type Logger, toHex, utf8 } from '@attestel/core';
import { hmac } from '../rules/hashes.ts';
import { sightingSecret } from '../rules/sightings.ts';
import { sha256 } from '../sha256.ts';
import type { Sighting } from '../sightings/clone-detector.ts';
import { fail } from './errors.ts';
import type { Tunnel } from './tunnel-judge.ts';

export interface SightingReporterOptions {
  /** Base URL of the operator's node. */
  readonly node: string;
  readonly fetch: typeof fetch;
  /** What tells this gateway from the operator's others. */
  readonly gateway: string;
  /** A token for the node's API. */
  readonly token: (audience: string) => Promise<string>;
  readonly logger: Logger;
}

const TIMEOUT_MILLISECONDS = 10_000;

/** Tells the operator's node what holds tunnels here: one report at a time, the newest after that. */
export function createSightingReporter(
  options: SightingReporterOptions,
): (tunnels: readonly Tunnel[]) => void {
  let next: readonly Tunnel[] | undefined;
  let isSending = false;
  const run = async (): Promise<void> => {
    isSending = true;
    for (let tunnels = next; tunnels; tunnels = next) {
      next = undefined;
      try {
        await send(options, tunnels);
      } catch (error) {
        options.logger.error('sightings_not_told', {
          cause: isAppError(error) ? error.code : 'no error given',
        });
      }
    }
    isSending = false;
  };
  return (tunnels) => {
    next = tunnels;
    if (!isSending) void run();
  };
}

async function send(
  { node, fetch, gateway, token }: SightingReporterOptions,
  tunnels: readonly Tunnel[],
): Promise<void> {
  const origin = new URL(node).origin;
  const response = await fetch(`${node}/v1/pki/sightings`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token(origin)}` },
    body: JSON.stringify({ gateway, tunnels: tunnels.flatMap(sightingsOf) }),
  }).catch((cause: unknown) => {
    throw fail('sightings_refused', { cause });
  });
  await response.body?.cancel();
  if (!response.ok) throw fail('sightings_refused', { extra: { status: response.status } });
}

function sightingsOf({ sa, certificates }: Tunnel): readonly Sighting[] {
  return certificates.map((der) => {
    const secret = sightingSecret(der, sha256);
    // Nobody reads an address in it who has not seen the certificate.
    const site = toHex(hmac(sha256, secret, utf8(coarse(sa.address)))).slice(0, 32);
    return { certificate: toHex(sha256(der)), secret: toHex(secret), site };
  });
}

/** The network that an address is of: /24, or /48 of IPv6. A device that gets another address there stays where it is. */
function coarse(address: string): string {
  if (!isIPv6(address)) return address.split('.').slice(0, 3).join('.');
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = Math.max(0, 8 - groups(left).length - groups(right).length);
  const all = [
    ...groups(left),
    ...(address.includes('::') ? Array(missing).fill('0') : []),
    ...groups(right),
  ];
  return all
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
