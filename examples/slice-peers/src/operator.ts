import { generateKeyPairSync, sign } from 'node:crypto';
import { type Bytes, type CborValue, systemClock, systemRandom, toBase64, unixSeconds } from '@attestel/core';
import {
  anchorIdOf,
  buildPkiOperation,
  certificateHash,
  commitToTokenKey,
  createAuthority,
  createPublisher,
  keyStoreSigningKey,
  PROFILES,
  possessionStatement,
  type Scope,
  signRootCertificate,
} from '@attestel/pki';
import { der, type GeneralName, writeGeneralName, writeName } from '@attestel/x509';
import { type Alliance, type Company, NETWORK, soon } from './alliance.ts';

export const SLICE = '01-000001';
const YEAR = 365 * 86_400;

/** Certificate and key of a network function, as files have them. */
export interface NetworkFunction {
  readonly hash: Bytes;
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}

/** An operator with a CA of its own, which the alliance has admitted. */
export interface Operator {
  readonly company: Company;
  readonly anchor: Bytes;
  issue(host: string): Promise<NetworkFunction>;
}

/** @throws Error with the code of the refusal */
export async function act(
  { ledger }: Alliance,
  kind: string,
  body: { readonly [field: string]: CborValue },
  by: readonly Company[],
  previous: Bytes | null = null,
): Promise<void> {
  const operation = await buildPkiOperation({
    ...{
      kind,
      body: { v: 1, ...body },
      actor: by[0]?.did ?? '',
      previous,
      network: NETWORK,
      notAfter: soon(),
    },
    signers: by.map(({ signer }) => signer),
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok) throw new Error(`${kind}: ${result?.error.code ?? 'not taken'}`);
}

/** Makes the CA and has its root admitted: both operators vote. */
export async function openOperator(alliance: Alliance, company: Company, mnc: string): Promise<Operator> {
  const { ref } = await company.keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256' });
  const key = await keyStoreSigningKey(company.keyStore, ref);
  const now = unixSeconds(systemClock);
  const root = await signRootCertificate({
    ...{ name: `Operator with MNC ${mnc}`, key, random: systemRandom },
    ...{ notBefore: now - 3600, notAfter: now + 10 * YEAR },
  });
  const tokenKey = systemRandom.bytes(32);
  const domain = `mnc${mnc}.mcc460.3gppnetwork.org`;
  const scope: Scope = {
    ...{
      kind: 'operator',
      owner: company.did,
      plmns: [`460${mnc.slice(1)}`],
      slices: [SLICE],
      dns: [domain],
    },
    ...{ serials: [], roles: ['network-function'], tokenKey: commitToTokenKey(tokenKey) },
  };
  const voters = [company, company === alliance.a ? alliance.b : alliance.a];
  const admission = { certificate: root, scope, from: now, until: null, replaces: null };
  await act(
    alliance,
    'anchor.admit',
    { ...admission, voters: voters.map(({ did }) => did) } as never,
    voters,
  );
  const anchor = anchorIdOf(root, scope);
  const authority = createAuthority({ certificate: root, key, clock: systemClock, random: systemRandom });
  const { ledger, pki } = alliance;
  const publisher = createPublisher({
    ...{ ledger, pki, did: company.did, signer: company.signer, tokenKey },
    ...{ clock: systemClock, random: systemRandom },
  });

  return {
    company,
    anchor,
    async issue(host) {
      const name = `${host}.${domain}`;
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names: GeneralName[] = [
        { kind: 'dns', value: name },
        { kind: 'uri', value: `urn:attestel:snssai:${SLICE}` },
      ];
      const certificate = await authority.issue({
        subject: writeName([['commonName', host]]),
        spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
        profile: { ...PROFILES['network-function'], nfTypes: ['SMF'] },
        subjectAltName: der.sequence(...names.map(writeGeneralName)),
      });
      const hash = certificateHash(certificate);
      const challenge = (await publisher.challenge()).id;
      const statement = { network: NETWORK, challenge, certificate: hash, submitter: company.did };
      const possession = new Uint8Array(sign('sha256', possessionStatement(statement), privateKey));
      const { results } = await publisher.publish({
        ...{ role: 'network-function', anchor, batch: null, challenge, intermediates: [], source: null },
        items: [{ certificate, possession, replaces: null, origin: null }],
      });
      const [result] = results;
      if (!result?.ok) throw new Error(`publish: ${result?.code ?? 'not taken'}`);
      return {
        hash,
        name,
        cert: pemOf(certificate),
        key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      };
    },
  };
}

const pemOf = (certificate: Bytes): string =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(certificate).replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
