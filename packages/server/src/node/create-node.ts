import { readFile } from 'node:fs/promises';
import { type Logger, silentLogger, systemClock, systemRandom } from '@attestel/core';
import { createLedgerResolver } from '@attestel/did';
import type { Bridge as OidcBridge } from '@attestel/oidc-bridge';
import type { Issuer } from '@attestel/openid/issuer';
import { createRegistry } from '@attestel/registry';
import type { ContractHost } from '@attestel/scenarios';
import { type Closers, startWhole } from '../closers.ts';
import type { NodeConfig } from '../config.schema.ts';
import { startHttpServer } from '../http/http-server.ts';
import { createMetrics } from '../http/metrics.ts';
import { createTokenBuckets } from '../http/token-buckets.ts';
import { createLogger } from '../log.ts';
import { startBridge } from './bridge-role.ts';
import { startConsole } from './console-role.ts';
import { startContracts } from './contracts-role.ts';
import type { Appointment } from './inspection/pairing.schema.ts';
import { inspectionOf } from './inspection-role.ts';
import { installerOf } from './installer-role.ts';
import { startIssuer } from './issuer-role.ts';
import { startPki } from './pki-role.ts';
import { readers } from './reader-role.ts';
import type { Listener, NodePorts, RoleContext, RoleParts } from './role.ts';
import { walletOf } from './wallet-role.ts';

export interface AttestelNode {
  readonly config: NodeConfig;
  readonly origin: string;
  readonly issuer: Issuer | undefined;
  readonly bridge: OidcBridge | undefined;
  /** What runs the member's contracts; undefined without that role. */
  readonly contracts: ContractHost | undefined;
  /** An address that signs the member in to its console, once; undefined without that role. */
  readonly consoleLink: (() => Promise<string>) | undefined;
  /** An address that pairs an inspector's phone, once; undefined without that role. */
  readonly inspectorLink: ((appointment: Appointment) => Promise<string>) | undefined;
  close(): Promise<void>;
}

/**
 * One member's node: the roles its configuration switches on, behind one HTTP server. Where a role or a port cannot be
 * had, the others are stopped again.
 */
export const createNode = (config: NodeConfig, given: NodePorts): Promise<AttestelNode> =>
  startWhole(async (opened) => {
    const logger = given.logger ?? loggerOf(config);
    const ports = { clock: systemClock, random: systemRandom, fetch, ...given, logger };
    const context: RoleContext = {
      config,
      ports,
      resolver: createLedgerResolver(given.ledger),
      registry: createRegistry(given.ledger),
    };
    const roles = await startRoles(context, opened);
    await serve(context, roles.parts, opened);
    return {
      config,
      origin: config.http.origin,
      issuer: roles.issuer?.issuer,
      bridge: roles.bridge?.bridge,
      contracts: roles.contracts?.host,
      consoleLink: roles.staff?.link,
      inspectorLink: roles.field?.link,
      close: opened.close,
    };
  });

async function startRoles(context: RoleContext, opened: Closers) {
  const { roles } = context.config;
  const parts: RoleParts[] = [];
  const started = <T extends { readonly parts: RoleParts }>(role: T): T => {
    parts.push(role.parts);
    opened.add(async () => role.parts.stop());
    return role;
  };
  const issuer = roles.issuer && started(await startIssuer(context, roles.issuer));
  const contracts = roles.contracts && started(await startContracts(context, roles.contracts));
  const bridge = roles.bridge && started(await startBridge(context, roles.bridge, contracts));
  const staff = roles.console && started(await startConsole(context, roles.console, contracts));
  const field = roles.inspection && started(await inspectionOf(context, roles.inspection, contracts));
  if (roles.resolver) started({ parts: await readers(context) });
  if (roles.pki) started(await startPki(context, roles.pki));
  if (roles.installer) started({ parts: await installerOf(context) });
  if (roles.wallet) started({ parts: await walletOf(context, roles.wallet) });
  return { issuer, contracts, bridge, staff, field, parts };
}

const loggerOf = ({ logLevel, instance }: NodeConfig): Logger =>
  logLevel === 'silent' ? silentLogger : createLogger(logLevel, { node: instance });

/** The node's own listener, and those that its roles need beside it. */
async function serve(
  { config, ports }: RoleContext,
  parts: readonly RoleParts[],
  opened: Closers,
): Promise<void> {
  const { http } = config;
  const measured = createMetrics(config.instance);
  ports.meter?.register(measured.registry, ports);
  const limit = { perSecond: http.submissions.kilobytesPerSecond, burst: http.submissions.burstKilobytes };
  const submissions = createTokenBuckets(limit, ports.clock);
  const requests = createTokenBuckets(http.requests, ports.clock);
  const own: Listener = {
    ...http,
    routes: parts.flatMap((part) => part.routes),
    throttledPaths: ['/v1/ledger/operations'],
  };
  for (const listener of [own, ...parts.flatMap((part) => part.listeners ?? [])]) {
    const { origin, host, port, tls, asksForCertificates, routes, throttledPaths = [] } = listener;
    const server = await startHttpServer({
      ...{ origin, host, port, asksForCertificates, routes, requests },
      tls: tls && { cert: await readFile(tls.certFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') },
      throttled: throttledPaths.map((path) => ({ path, buckets: submissions })),
      publicMetrics: http.metrics === 'public',
      fallback: listener === own ? parts.find((part) => part.fallback)?.fallback : undefined,
      ...{ logger: ports.logger, metrics: measured, random: ports.random },
      ready: () => parts.every((part) => part.ready?.() ?? true),
    });
    opened.add(server.close);
  }
  for (const part of parts.flatMap(({ servers = [] }) => servers)) {
    const server = await part.start(measured);
    opened.add(() => server.close());
  }
}
