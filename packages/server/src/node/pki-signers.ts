import {
  type CertificateProfile,
  type CmpSigner,
  ensureSigningKey,
  keepCertificate,
  type OcspSigner,
  openResponder,
  PROFILES,
} from '@attestel/pki';
import { writeName } from '@attestel/x509';
import type { OpenedAuthority } from './pki-authority.ts';
import type { RoleContext } from './role.ts';

type Context = Pick<RoleContext, 'config' | 'ports'>;

/** Self-signed: gateways trust it locally, for whatever CA the ledger speaks about. */
export function responderSigner({ config, ports }: Context, key: string): Promise<OcspSigner> {
  const { party, clock, random } = ports;
  const name = `${config.name.en} OCSP`.slice(0, 64);
  return openResponder({ keyStore: party.keyStore, store: party.store, key, name, clock, random });
}

/** The own CA's delegate, by a key of its own and a certificate that is renewed as it ages. */
export const delegatedSigner = (
  context: Context,
  { authority }: OpenedAuthority,
  key: string,
): Promise<() => OcspSigner> =>
  keptSigner(context, { authority, key, name: 'OCSP', profile: PROFILES['ocsp-signer'] }, (made) => made);

/** Whoever signs CMP answers in the CA's name. */
export const cmpSigner = (
  context: Context,
  { authority, above }: OpenedAuthority,
  key: string,
): Promise<() => CmpSigner> =>
  keptSigner(context, { authority, key, name: 'CMP', profile: PROFILES['cmp-server'] }, (made) => ({
    ...made,
    chain: [authority.certificate, ...above],
  }));

interface Wanted extends Pick<OpenedAuthority, 'authority'> {
  readonly key: string;
  readonly name: string;
  readonly profile: CertificateProfile;
}

/** The same object until its certificate changes: front ends remember what they made of it. */
async function keptSigner<T extends OcspSigner>(
  { config, ports }: Context,
  { authority, key: ref, name, profile }: Wanted,
  finish: (made: OcspSigner) => T,
): Promise<() => T> {
  const { party, clock, logger } = ports;
  const key = await ensureSigningKey({ keyStore: party.keyStore, key: ref }, 'ES256');
  const subject = writeName([['commonName', `${config.name.en} ${name}`.slice(0, 64)]]);
  const current = await keepCertificate({
    issue: () => authority.issue({ subject, spki: key.spki, profile }),
    ...{ clock, logger },
  });
  let known = finish({ key, certificate: current() });
  return () => {
    const certificate = current();
    if (certificate !== known.certificate) known = finish({ key, certificate });
    return known;
  };
}
