import { type Bytes, toHex } from '@attestel/core';
import {
  anchorIdOf,
  buildSubmission,
  type CertificateRole,
  type Scope,
  type SubmittedItem,
} from '@attestel/pki';
import { EKU, extension, type GeneralName, parseCertificate } from '@attestel/x509';
import { type CertificateOptions, type Certified, certify, itemOf } from '../ledger/devices.ts';
import {
  admission,
  DAY,
  NETWORK,
  openWorld,
  operatorScope,
  type Party,
  tokenKeyOf,
  vendorScope,
  type World,
} from '../ledger/world.ts';

export const SLICE = '01-000001';
export const OTHER_SLICE = '02-00000a';

export interface Member {
  readonly party: Party;
  readonly root: Certified;
  readonly scope: Scope;
  readonly anchor: Bytes;
  readonly challenge: Bytes;
  /** Domain of its names. */
  readonly domain: string;
}

/** A consortium whose operators and vendors have roots of their own. */
export interface Slices {
  readonly world: World;
  readonly a: Member;
  readonly b: Member;
  readonly c: Member;
  /** Certificate of a network function, unpublished. */
  nf(of: Member, name: string, more?: NfOptions): Promise<Certified>;
  publish(by: Member, role: CertificateRole, made: Certified): Promise<void>;
  /** A root of a member, admitted at once. */
  admit(party: Party, scope: Scope, root: Certified, more?: object): Promise<Bytes>;
  /** Returns the relation's id. */
  relate(one: Member, other: Member, more?: RelationOptions): Promise<Bytes>;
  endRelation(relation: Bytes, by: Member, until?: number): Promise<void>;
  act(kind: string, body: object, by: readonly Party[], previous?: Bytes | null): Promise<void>;
}

export interface NfOptions {
  readonly nfTypes?: readonly string[];
  readonly slices?: readonly string[];
  readonly more?: CertificateOptions;
}

export interface RelationOptions {
  readonly slices?: readonly string[];
  readonly nfTypes?: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

export const dns = (value: string): GeneralName => ({ kind: 'dns', value });
export const sliceUri = (slice: string): GeneralName => ({
  kind: 'uri',
  value: `urn:attestel:snssai:${slice}`,
});

/** @param start first second of the ledger; the real one where programs take part that know no other time */
export async function openSlices(start?: number): Promise<Slices> {
  const world = await openWorld(start);
  const began = world.now();
  const act: Slices['act'] = async (kind, body, by, previous = null) => {
    const refusal = await world.act(kind, body, by, previous);
    if (refusal !== undefined) throw new Error(`${kind}: ${refusal}`);
  };
  const admit: Slices['admit'] = async (party, scope, root, more = {}) => {
    const voters = [party, ...[world.a, world.b, world.c].filter((one) => one !== party)];
    await act(
      'anchor.admit',
      admission(world, scope, voters, { certificate: root.certificate, ...more }),
      voters,
    );
    return anchorIdOf(root.certificate, scope);
  };
  const draw = async (party: Party): Promise<Bytes> => {
    await act('challenge', { salt: new Uint8Array(32) }, [party]);
    return world.last()[0]?.data.challenge as Bytes;
  };
  const member = async (party: Party, mnc: string): Promise<Member> => {
    const root = await rootOf(`CA of ${mnc}`, began);
    const scope = operatorScope(party, mnc, [SLICE, OTHER_SLICE]);
    const anchor = await admit(party, scope, root);
    const domain = `mnc${mnc}.mcc460.3gppnetwork.org`;
    return { party, root, scope, anchor, challenge: await draw(party), domain };
  };
  const [a, b] = [await member(world.a, '001'), await member(world.b, '002')];
  return {
    ...{ world, a, b, c: await member(world.c, '003'), act, admit },
    nf: (of, name, { nfTypes = ['SMF'], slices = [], more } = {}) =>
      certify({
        ...{ device: null, commonName: name, issuer: of.root, san: [dns(name), ...slices.map(sliceUri)] },
        ...{ usages: [EKU.serverAuth, EKU.clientAuth], notBefore: began - 3600 },
        extensions: [
          extension.nfTypes(nfTypes),
          extension.aki({ keyId: parseCertificate(of.root.certificate).extensions.ski as Bytes }),
        ],
        ...more,
      }),
    async publish({ party, root, scope, challenge }, role, made) {
      const item: SubmittedItem = itemOf(made, party, challenge);
      const { operation } = await buildSubmission({
        ...{ network: NETWORK, submitter: party.did, role, challenge, items: [item] },
        evidence: {
          ...{ anchor: root.certificate, scope, intermediates: [], tokenKey: tokenKeyOf(party) },
          ...{ batch: null, source: null },
        },
        ...{ notAfter: world.notAfter(), signers: [party.signer] },
      });
      const refusal = await world.send(operation);
      if (refusal !== undefined) throw new Error(`submit: ${refusal}`);
    },
    async relate(one, other, { slices = [SLICE], nfTypes = ['SMF'], from, until } = {}) {
      const sides = [one, other].sort((x, y) => (x.party.did < y.party.did ? -1 : 1));
      const body = {
        parties: sides.map(({ party }) => party.did),
        anchors: sides.map(({ anchor }) => [anchor]),
        ...{ nfTypes, slices, from: from ?? world.now(), until: until ?? world.now() + DAY },
        salt: crypto.getRandomValues(new Uint8Array(16)),
      };
      await act(
        'relation.sign',
        body,
        sides.map(({ party }) => party),
      );
      return world.last()[0]?.data.relation as Bytes;
    },
    async endRelation(relation, by, until = world.now()) {
      const previous = world.pki.relation(relation)?.operation ?? null;
      await act('relation.end', { relation, until, reason: null }, [by.party], previous);
    },
  };
}

/** A CA's own certificate, valid for ten years. */
export const rootOf = (commonName: string, began: number): Promise<Certified> =>
  certify({ ca: true, commonName, notBefore: began - 3600, notAfter: began + 3650 * DAY });

/** Scope of a brand whose CA makes certificates for things. */
export const brandScope = (party: Party, prefix: string): Scope => ({
  ...vendorScope(party, [prefix]),
  roles: ['home-gateway', 'iot-thing'],
});

export const idsOf = (bundle: { readonly anchors: readonly { readonly id: Bytes }[] }): string[] =>
  bundle.anchors.map(({ id }) => toHex(id));
