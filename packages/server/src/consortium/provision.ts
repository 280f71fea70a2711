import {
  type Bytes,
  type CborValue,
  type Clock,
  type Random,
  type Signer,
  toHex,
  unixSeconds,
  utf8,
} from '@attestel/core';
import { createOrganisation } from '@attestel/did';
import { decodeOperation, encodeOperation, type Ledger, type Operation } from '@attestel/ledger';
import { buildRegistryOperation, createRegistry, type RegistryKind } from '@attestel/registry';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';
import { fail } from '../errors.ts';
import type { PartyIdentity } from '../node/identity-file.ts';
import { NEWEST_VERSION } from '../node/ledger-rules.ts';
import type { Party } from '../node/open-party.ts';
import { readGenesis, writeGenesis } from './genesis-file.ts';
import type { DemoParty } from './parties.ts';

export interface Provisioner {
  readonly network: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The ledger's first block does not look at it; a day, should an operation ever be sent again later. */
const GENESIS_SECONDS = 82_800;
const YEAR = 365 * 86_400;
const ROOT = { table: 'consortium', certificate: utf8('root'), key: 'consortium/root' } as const;

/** A demo party with its folder open and its DID made. */
export interface Provisioned extends DemoParty {
  readonly party: Party;
  readonly identity: PartyIdentity;
}

/**
 * Makes the party's DID and keys once. A crash in between leaves unused keys and nothing else,
 * because each attempt names its keys anew and only the saved identity counts.
 */
export async function ensureIdentity(
  demo: DemoParty,
  party: Party,
  p: Provisioner,
  services: readonly { fragment: string; type: string; serviceEndpoint: string }[],
  certify?: (identity: { did: string; publicKey: Bytes }) => Promise<readonly Bytes[]>,
): Promise<Provisioned> {
  const known = party.identity();
  if (known) return { ...demo, party, identity: known };
  return { ...demo, party, identity: await makeIdentity(party, p, services, certify) };
}

/** A DID and its keys; one that the party had before is its no longer. */
export async function makeIdentity(
  party: Party,
  p: Provisioner,
  services: readonly { fragment: string; type: string; serviceEndpoint: string }[] = [],
  certify?: (identity: { did: string; publicKey: Bytes }) => Promise<readonly Bytes[]>,
): Promise<PartyIdentity> {
  const organisation = await createOrganisation({
    keyStore: party.keyStore,
    network: p.network,
    prefix: `org-${toHex(p.random.bytes(4))}`,
    services,
    random: p.random,
    notAfter: unixSeconds(p.clock) + GENESIS_SECONDS,
  });
  const { publicKey } = await party.keyStore.signer(organisation.refs.key);
  const identity: PartyIdentity = {
    did: organisation.did,
    kid: organisation.kid,
    assertionKey: organisation.refs.key,
    ledgerKey: organisation.refs.ledger,
    createOperation: encodeOperation(organisation.operation),
    certificates: certify ? await certify({ did: organisation.did, publicKey }) : [],
  };
  await party.saveIdentity(identity);
  return identity;
}

/** The consortium's X.509 root, kept by the platform in the demo. */
export async function ensureRoot(
  platform: Party,
  p: Provisioner,
): Promise<{ certificate: Bytes; signer: Signer }> {
  if (!(await platform.keyStore.find(ROOT.key))) {
    await platform.keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: ROOT.key });
  }
  const signer = await platform.keyStore.signer(ROOT.key);
  const stored = platform.store.get(ROOT.table, ROOT.certificate);
  if (stored) return { certificate: stored, signer };
  const now = unixSeconds(p.clock);
  const certificate = await createRootCertificate({
    name: 'Attestel Demo Consortium Root',
    signer,
    notBefore: now - 3600,
    notAfter: now + 10 * YEAR,
  });
  await platform.store.transact((writer) => writer.put(ROOT.table, ROOT.certificate, certificate));
  return { certificate, signer };
}

export const operatorLeaf =
  (root: { certificate: Bytes; signer: Signer }, demo: DemoParty, url: string, clock: Clock) =>
  async (identity: { did: string; publicKey: Bytes }): Promise<readonly Bytes[]> => {
    const now = unixSeconds(clock);
    return [
      await issueLeafCertificate({
        issuer: root,
        publicKey: identity.publicKey,
        subjectName: demo.name.en,
        did: identity.did,
        url,
        notBefore: now - 3600,
        notAfter: now + 2 * YEAR,
      }),
    ];
  };

/** A founder whose node is to vote on the order of operations, with its engine's consensus key. */
export interface FoundingValidator {
  readonly who: Provisioned;
  readonly key: Bytes;
  readonly power: number;
}

/** The signed genesis, written before the ledger first opens and read back ever after. */
export async function ensureGenesis(
  dataDir: string,
  founders: readonly Provisioned[],
  trustAnchors: readonly Bytes[],
  p: Provisioner,
  validators: readonly FoundingValidator[] = [],
): Promise<readonly Operation[]> {
  const stored = await readGenesis(dataDir);
  if (stored) return stored.map((bytes) => decodeOperation(bytes));
  const creates = founders.map((f) => decodeOperation(f.identity.createOperation));
  const first = founders[0] as Provisioned;
  const signers = await Promise.all(founders.map(ledgerSigner));
  const registered = (
    kind: RegistryKind,
    body: { [field: string]: CborValue },
    { identity }: Provisioned,
    sequence: number,
  ): Promise<Operation> =>
    buildRegistryOperation({
      ...{ kind, body, actor: identity.did, sequence, signers, network: p.network },
      notAfter: unixSeconds(p.clock) + GENESIS_SECONDS,
    });
  const genesis = {
    founders: founders.map((f) => ({ did: f.identity.did, name: { ...f.name }, roles: [...f.roles] })),
    admissionThreshold: Math.floor(founders.length / 2) + 1,
    accreditationThreshold: Math.min(2, founders.length),
    trustAnchors: [...trustAnchors],
  };
  const operations = [
    ...creates,
    await registered('genesis', genesis, first, 0),
    // Founded today: the ledger runs today's rules as soon as it has members who can decide so.
    await registered('upgrade', { sm: NEWEST_VERSION, height: 2 }, first, 1),
  ];
  for (const { who, key, power } of validators) {
    const body = { did: who.identity.did, key, power };
    // Each in its own name; the first founder has acted twice before.
    operations.push(await registered('validator.set', body, who, who.id === first.id ? 2 : 0));
  }
  await writeGenesis(dataDir, operations.map(encodeOperation));
  return operations;
}

export const ledgerSigner = (f: Provisioned): Promise<Signer> =>
  f.party.keyStore.signer(f.identity.ledgerKey);

/** Submits a registry operation signed by the given parties; the first acts. @throws provisioning_refused */
export async function registryChange(
  ledger: Ledger,
  change: { kind: string; body: { [field: string]: CborValue }; by: readonly Provisioned[] },
  p: Provisioner,
): Promise<void> {
  const actor = (change.by[0] as Provisioned).identity.did;
  const operation = await buildRegistryOperation({
    kind: change.kind,
    body: change.body,
    actor,
    sequence: ledger.sequence('registry', actor),
    network: p.network,
    notAfter: Math.max(ledger.head().time, unixSeconds(p.clock)) + 3600,
    signers: await Promise.all(change.by.map(ledgerSigner)),
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok)
    throw fail('provisioning_refused', {
      field: change.kind,
      cause: result?.error,
      detail: result?.error.message ?? '',
    });
}

/** Accredits operators and bridge and registers the apps: each only where the registry lacks it. */
export async function ensureRegistered(
  ledger: Ledger,
  wanted: {
    readonly operators: readonly (Provisioned & { url: string })[];
    readonly bridge: Provisioned & { url: string };
    readonly voters: readonly Provisioned[];
    readonly vct: string;
    readonly apps: readonly { clientId: string; body: { [field: string]: CborValue } }[];
  },
  p: Provisioner,
): Promise<void> {
  const registry = createRegistry(ledger);
  const from = Math.max(0, unixSeconds(p.clock) - 3600);
  for (const operator of wanted.operators) {
    const known = registry.issuer(operator.identity.did);
    // The URL is the `iss` of credentials already out there: it cannot just follow a changed port.
    if (known && known.issuerUrl !== operator.url)
      throw fail('data_of_other_origin', { field: known.issuerUrl });
    if (known) continue;
    const body = {
      did: operator.identity.did,
      issuerUrl: operator.url,
      name: { ...operator.name },
      types: [{ vct: wanted.vct, validity: { from, until: null } }],
    };
    await registryChange(ledger, { kind: 'issuer.accredit', body, by: wanted.voters }, p);
  }
  const { bridge } = wanted;
  if (!registry.bridge(bridge.identity.did)) {
    const body = {
      did: bridge.identity.did,
      url: bridge.url,
      member: bridge.identity.did,
      name: { ...bridge.name },
    };
    await registryChange(ledger, { kind: 'bridge.accredit', body, by: wanted.voters }, p);
  }
  for (const app of wanted.apps) {
    if (!registry.app(app.clientId))
      await registryChange(ledger, { kind: 'app.register', body: app.body, by: [bridge] }, p);
  }
}
