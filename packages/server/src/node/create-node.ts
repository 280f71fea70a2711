import { readFile } from 'node:fs/promises';
import { type Logger, silentLogger, systemClock, systemRandom } from '@attestel/core';
import { createLedgerResolver } from '@attestel/did';
import type { Bridge as OidcBridge } from '@attestel/oidc-bridge';
import type { Issuer } from '@attestel/openid/issuer';
import { createRegistry } from '@attestel/registry';
import type { ContractHost } from '@attestel/scenarios';
import type { NodeConfig } from '../config.schema.ts';
import { type HttpServer, startHttpServer } from '../http/http-server.ts';
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

/** One member's node: the roles its configuration switches on, behind one HTTP server. */
export async function createNode(config: NodeConfig, given: NodePorts): Promise<AttestelNode> {
  const logger = given.logger ?? loggerOf(config);
  const ports = { clock: systemClock, random: systemRandom, fetch, ...given, logger };
  const context: RoleContext = {
    config,
    ports,
    resolver: createLedgerResolver(given.ledger),
    registry: createRegistry(given.ledger),
  };
  const issuer = config.roles.issuer && (await startIssuer(context, config.roles.issuer));
  const contracts = config.roles.contracts && (await startContracts(context, config.roles.contracts));
  const bridge = config.roles.bridge && (await startBridge(context, config.roles.bridge, contracts));
  const staff = config.roles.console && (await startConsole(context, config.roles.console, contracts));
  const field = config.roles.inspection && (await inspectionOf(context, config.roles.inspection, contracts));
  const parts: RoleParts[] = [
    ...(config.roles.resolver ? [await readers(context)] : []),
    ...(issuer ? [issuer.parts] : []),
    ...(bridge ? [bridge.parts] : []),
    ...(config.roles.pki ? [(await startPki(context, config.roles.pki)).parts] : []),
    ...(contracts ? [contracts.parts] : []),
    ...(staff ? [staff.parts] : []),
    ...(field ? [field.parts] : []),
    ...(config.roles.installer ? [await installerOf(context)] : []),
    ...(config.roles.wallet ? [await walletOf(context, config.roles.wallet)] : []),
  ];
  const servers = await serve(context, parts);
  return {
    config,
    origin: config.http.origin,
    issuer: issuer?.issuer,
    bridge: bridge?.bridge,
    contracts: contracts?.host,
    consoleLink: staff?.link,
    inspectorLink: field?.link,
    async close() {
      for (const server of servers) await server.close();
      for (const part of parts) await part.stop();
    },
  };
}

const loggerOf = ({ logLevel, instance }: NodeConfig): Logger =>
  logLevel === 'silent' ? silentLogger : createLogger(logLevel, { node: instance });

type Closing = Pick<HttpServer, 'close'>;

/** The node's own listener, and those that its roles need beside it. */
async function serve({ config, ports }: RoleContext, parts: readonly RoleParts[]): Promise<Closing[]> {
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
  const servers: Closing[] = [];
  try {
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
      servers.push(server);
    }
    for (const server of parts.flatMap((part) => part.servers ?? []))
      servers.push(await server.start(measured));
  } catch (error) {
    for (const server of servers) await server.close();
    throw error;
  }
  return servers;
}
