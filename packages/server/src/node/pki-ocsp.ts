import { equalBytes, type Route } from '@attestel/core';
import {
  createOcspResponder,
  ledgerStatusSource,
  type OcspAnswered,
  type OcspResponder,
  type OcspSigner,
  ocspRoutes,
  type Pki,
  startOcspListener,
} from '@attestel/pki';
import { fail } from '../errors.ts';
import type { PkiConfig } from '../pki-config.schema.ts';
import type { OpenedAuthority } from './pki-authority.ts';
import { delegatedSigner, responderSigner } from './pki-signers.ts';
import type { OwnServer, RoleContext } from './role.ts';

type OcspConfig = NonNullable<PkiConfig['ocsp']>;
type ListenerConfig = NonNullable<OcspConfig['listener']>;

export interface OcspPorts {
  readonly pki: Pki;
  readonly own: OpenedAuthority | undefined;
  /** Unix seconds of the state that is answered from. */
  readonly asOf: () => number;
}

export interface OpenedOcsp {
  readonly routes: readonly Route[];
  /** The listener for OCSP alone, where the configuration has one. */
  readonly servers: readonly OwnServer[];
  /** Self-signed; answers for CAs that delegated to nobody. */
  readonly signer: OcspSigner;
}

/** One responder, on a node's routes and at a listener of its own. */
export async function openOcsp(
  context: RoleContext,
  config: OcspConfig,
  { pki, own, asOf }: OcspPorts,
): Promise<OpenedOcsp> {
  const { key, validitySeconds, maxStateSeconds, listener } = config;
  const { clock, logger, ledger } = context.ports;
  const signer = await responderSigner(context, key);
  // A key signs for one purpose: as delegate of the own CA, or as responder that gateways trust by itself.
  const delegate = own && (await delegatedSigner(context, own, `${key}/delegated`));
  const responder = createOcspResponder({
    source: ledgerStatusSource(pki, { asOf, height: () => ledger.head().height }),
    signer,
    delegated: ({ name, spki }) =>
      own && equalBytes(name, own.authority.name) && equalBytes(spki, own.authority.key.spki)
        ? delegate?.()
        : undefined,
    ...{ clock, logger, validity: validitySeconds, maxStateAge: maxStateSeconds },
  });
  const servers = listener ? [ownServer(context, listener, responder)] : [];
  return { routes: ocspRoutes({ responder }), servers, signer };
}

/** @throws AppError port_in_use when it is started */
const ownServer = (
  { ports: { clock } }: RoleContext,
  listener: ListenerConfig,
  responder: OcspResponder,
): OwnServer => ({
  async start({ observe }) {
    const count = ({ isGet, status, seconds }: OcspAnswered): void => {
      const [route, method] = LABELS[isGet === undefined ? 'refused' : isGet ? 'get' : 'post'];
      observe(route, method, status, seconds);
    };
    try {
      return await startOcspListener({ ...listener, responder, clock, observe: count });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw fail('port_in_use', { field: `${listener.host}:${listener.port}`, cause: error });
    }
  },
});

/** Route and method, as the node's own routes are counted; of refused requests neither is looked at. */
const LABELS = {
  get: ['/ocsp/*request', 'GET'],
  post: ['/ocsp', 'POST'],
  refused: ['other', 'other'],
} as const;
