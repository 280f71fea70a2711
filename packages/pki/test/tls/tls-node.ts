import { generateKeyPairSync, sign } from 'node:crypto';
import { type AppError, silentLogger } from '@attestel/core';
import { createLedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import type { BundleName } from '../../src/bundle/trust-bundle.ts';
import { bundleRoutes } from '../../src/front/bundle/bundle.endpoint.ts';
import { certificateProofEndpoint } from '../../src/front/json/proof.endpoint.ts';
import type { CertificateRole } from '../../src/rules/roles.ts';
import { createLedgerPeers, type LedgerPeers } from '../../src/tls/ledger-peers.ts';
import { createLedgerView, type LedgerView } from '../../src/tls/ledger-view.ts';
import type { Slices } from '../bundle/slices.ts';
import { pem } from '../front/fixtures/programs.ts';
import { serve } from '../front/fixtures/serve.ts';
import type { Certified, Key } from '../ledger/devices.ts';

/** A key that a TLS stack can have, too. */
export interface TlsKey extends Key {
  readonly pem: string;
}

export function tlsKey(): TlsKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    algorithm: 'ecdsa-sha256',
    sign: (message) => new Uint8Array(sign('sha256', message, privateKey)),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** Longest age of what a peer knows, in these tests. */
export const MAX_AGE = 60;

export interface TlsNode {
  /** Of a node that answers. */
  readonly url: string;
  /** The machine is off, or on again. */
  turn(state: 'on' | 'off'): void;
  /** Time passes; the ledger's quorum stands by its state again. */
  later(seconds: number): Promise<void>;
  view(name: BundleName, roles?: readonly CertificateRole[]): LedgerView;
  peers(view: LedgerView, own: Certified): TestPeers;
  close(): Promise<void>;
}

export interface TestPeers extends LedgerPeers {
  /** Codes of those it refused or cut, oldest first. */
  readonly refused: AppError[];
}

/** A node of the ledger, and peers that ask it, by the ledger's clock. */
export async function startNode({ world, act, a }: Slices): Promise<TlsNode> {
  const { ledger, pki, now } = world;
  const clock = { now: () => now() * 1000 };
  const served = await serve([...bundleRoutes({ pki, ledger, clock }), certificateProofEndpoint(ledger)]);
  const url = `http://127.0.0.1:${served.port}`;
  let isOn = true;
  const all: LedgerPeers[] = [];
  return {
    url,
    turn(state) {
      isOn = state === 'on';
    },
    async later(seconds) {
      world.later(seconds);
      await act('challenge', { salt: new Uint8Array(32) }, [a.party]);
    },
    view: (name, roles) =>
      createLedgerView({
        ...{ name, nodes: [url], ...(roles ? { roles } : {}) },
        fetch: async (input, init) => {
          if (!isOn) throw new TypeError('connection refused');
          return fetch(input, init);
        },
        trust: {
          ...createLedgerTrust({ policy: formatPolicy(world.policy), now, maxAgeSeconds: MAX_AGE }),
          cache: createCheckpointCache(),
        },
      }),
    peers(view, own) {
      const refused: AppError[] = [];
      const identity = { cert: pem(own.certificate), key: (own.key as TlsKey).pem };
      const onRefused = ({ error }: { readonly error: AppError }): void => void refused.push(error);
      const peers = createLedgerPeers({ view, identity, logger: silentLogger, onRefused });
      all.push(peers);
      return { ...peers, refused };
    },
    async close() {
      for (const peers of all) peers.close();
      await served.close();
    },
  };
}
