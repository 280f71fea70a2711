import { type HttpResponse, type Route, toHex } from '@attestel/core';
import {
  type CertificateProfile,
  cmpRoutes,
  createCmpServer,
  createIssuedRegister,
  createLedgerEnrolment,
  crlRoutes,
  type Enrolment,
  type EnrolmentProfile,
  estRoutes,
  type IssuedRegister,
  ledgerCrlSource,
  ledgerPeerTrust,
  nodePeerCertificates,
  type Pki,
  PROFILES,
  type Publisher,
} from '@attestel/pki';
import type { PkiConfig } from '../pki-config.schema.ts';
import { createAccounts } from './pki-accounts.ts';
import { type OpenedAuthority, openMemberAuthority } from './pki-authority.ts';
import { openOcsp } from './pki-ocsp.ts';
import { cmpSigner } from './pki-signers.ts';
import { identityOf, type Listener, type RoleContext, type RoleParts } from './role.ts';
import { createStateTime } from './state-time.ts';

/** What the front ends share with publishing. */
export interface FrontEndPorts {
  readonly pki: Pki;
  readonly publisher: Publisher;
  readonly tokenKey: Uint8Array;
}

export interface FrontEnds extends Pick<RoleParts, 'routes' | 'listeners' | 'servers'> {
  readonly authority: OpenedAuthority['authority'] | undefined;
  readonly enrolment: Enrolment | undefined;
}

/** Enrolment and status, in the protocols of equipment. */
export async function openFrontEnds(
  context: RoleContext,
  role: PkiConfig,
  ports: FrontEndPorts,
): Promise<FrontEnds> {
  const url = role.url ?? context.config.http.origin;
  const asOf = createStateTime(context.ports.ledger, context.ports.policyText);
  const opened = role.ca && (await openMemberAuthority(context, role.ca));
  const register = createIssuedRegister(context.ports.party.store);
  const own = opened && role.ca && { ...opened, ca: role.ca, register, url };
  const enrolment = own && (await enrolmentOf(context, own, ports));
  const shared = { role, own, enrolment, ports, asOf };
  const ocsp = role.ocsp && (await openOcsp(context, role.ocsp, { pki: ports.pki, own, asOf }));
  const routes = [
    ...(own ? [certificateRoute('/pki/ca.crt', 'Certificate of the CA', own.authority.certificate)] : []),
    ...(ocsp ? [...ocsp.routes, responderRoute(ocsp.signer.certificate)] : []),
    ...crlOf(context, shared),
    ...(await cmpOf(context, shared)),
  ];
  const { plain } = role;
  const listeners = [...(plain ? [{ ...plain, origin: url, routes }] : []), ...estOf(context, shared)];
  const servers = ocsp?.servers ?? [];
  return { routes: plain ? [] : routes, listeners, servers, authority: own?.authority, enrolment };
}

interface OwnAuthority extends OpenedAuthority {
  readonly ca: NonNullable<PkiConfig['ca']>;
  readonly register: IssuedRegister;
  readonly url: string;
}

interface Shared {
  readonly role: PkiConfig;
  readonly own: OwnAuthority | undefined;
  readonly enrolment: Enrolment | undefined;
  readonly ports: FrontEndPorts;
  readonly asOf: () => number;
}

async function enrolmentOf(
  { config, ports }: RoleContext,
  { ca, url, ...own }: OwnAuthority,
  given: FrontEndPorts,
): Promise<Enrolment> {
  const { party, ledger, clock } = ports;
  const ocsp = config.roles.pki?.ocsp;
  const ocspUrl = ocsp && `${ocsp.url ?? url}/ocsp`;
  const crlUrl = config.roles.pki?.crl && `${url}/crl/${toHex(own.authority.keyId)}.crl`;
  const urls = { ...(ocspUrl && { ocspUrl }), ...(crlUrl && { crlUrl }) };
  return createLedgerEnrolment({
    ...own,
    ...given,
    ...{ ledger, clock },
    profiles: Object.fromEntries(
      Object.entries(ca.profiles).map(([label, profile]) => [label, profileOf(profile, urls)]),
    ),
    organization: ca.organization ?? config.name.en.slice(0, 64),
    signer: await party.keyStore.signer(identityOf(party).ledgerKey),
  });
}

type ConfiguredProfile = NonNullable<PkiConfig['ca']>['profiles'][string];

function profileOf(
  { validityDays, nfTypes, ...profile }: ConfiguredProfile,
  urls: Pick<CertificateProfile, 'ocspUrl' | 'crlUrl'>,
): EnrolmentProfile {
  const lifetime = validityDays * 86_400;
  return { ...profile, certificate: { ...PROFILES[profile.role], ...urls, nfTypes, lifetime } };
}

function crlOf({ ports: { clock } }: RoleContext, { role, own, ports, asOf }: Shared): Route[] {
  if (!role.crl || !own) return [];
  const source = ledgerCrlSource(ports.pki, own.register, { asOf });
  return crlRoutes({ source, authorities: [own.authority], clock, validity: role.crl.validitySeconds });
}

async function cmpOf(context: RoleContext, { role, own, enrolment, ports }: Shared): Promise<Route[]> {
  if (!role.cmp || !own || !enrolment) return [];
  const { clock, random, logger } = context.ports;
  const server = createCmpServer({
    ...{ enrolment, trust: ledgerPeerTrust(ports.pki), clock, random, logger },
    signer: await cmpSigner(context, own, role.cmp.key),
    // The confirmation is half of the proof that validators ask for.
    allowsImplicitConfirm: false,
  });
  return cmpRoutes({ server });
}

function estOf({ ports: { clock } }: RoleContext, { role, enrolment, ports }: Shared): Listener[] {
  if (!role.est || !enrolment) return [];
  const { accounts, certFile, keyFile, ...listener } = role.est;
  const routes = estRoutes({
    ...{ enrolment, clock, trust: ledgerPeerTrust(ports.pki), peerCertificates: nodePeerCertificates },
    checkAccount: createAccounts(accounts),
  });
  const throttledPaths = routes.filter(({ method }) => method === 'POST').map(({ path }) => path);
  return [{ ...listener, tls: { certFile, keyFile }, asksForCertificates: true, routes, throttledPaths }];
}

const certificateRoute = (path: string, summary: string, certificate: Uint8Array): Route => ({
  ...{ method: 'GET', path, summary, errors: 'problem', cors: true },
  handle: (): HttpResponse => ({
    status: 200,
    headers: { 'content-type': 'application/pkix-cert', 'cache-control': 'max-age=3600' },
    body: certificate,
  }),
});

const responderRoute = (certificate: Uint8Array): Route =>
  certificateRoute('/pki/ocsp.crt', 'Certificate of the locally trusted OCSP responder', certificate);
