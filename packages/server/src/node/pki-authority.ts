import { X509Certificate } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import { type KeyStore, openPkcs11KeyStore } from '@attestel/keystore';
import { type CertificateAuthority, openAuthority } from '@attestel/pki';
import { fail } from '../errors.ts';
import type { PkiConfig } from '../pki-config.schema.ts';
import { readConfiguredFile } from './configured-files.ts';
import type { RoleContext } from './role.ts';

export interface OpenedAuthority {
  readonly authority: CertificateAuthority;
  /** DER of the CAs above it, its issuer first. */
  readonly above: readonly Bytes[];
}

const YEAR = 365 * 86_400;
const MAX_CERTIFICATES = 4;

/** The member's CA: its key in its key store or on a token, its certificate from a file or made once. */
export async function openMemberAuthority(
  { config, ports }: Pick<RoleContext, 'config' | 'ports'>,
  ca: NonNullable<PkiConfig['ca']>,
): Promise<OpenedAuthority> {
  const { party, clock, random } = ports;
  const [certificate, ...above] = ca.certificateFile ? await readChain(ca.certificateFile) : [];
  const authority = await openAuthority({
    ...{ keyStore: await keyStoreOf(ca, party.keyStore), store: party.store, key: ca.key, clock, random },
    ...{ algorithm: ca.algorithm, certificate },
    root: { name: ca.name ?? `${config.name.en} CA`.slice(0, 64), lifetime: ca.validityYears * YEAR },
  });
  return { authority, above };
}

/** @throws AppError file_unreadable, token_unavailable, token_pin_refused */
async function keyStoreOf({ token }: NonNullable<PkiConfig['ca']>, own: KeyStore): Promise<KeyStore> {
  if (!token) return own;
  const { library, label, pinFile } = token;
  const pin = Buffer.from(await readConfiguredFile(pinFile, 'roles.pki.ca.token.pinFile')).toString('utf8');
  return openPkcs11KeyStore({ library, label, pin: pin.replace(/\r?\n$/, '') });
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** @throws AppError file_unreadable, config_invalid */
async function readChain(path: string): Promise<Bytes[]> {
  const field = 'roles.pki.ca.certificateFile';
  const text = Buffer.from(await readConfiguredFile(path, field)).toString('latin1');
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES)
    throw fail('config_invalid', {
      field: `${field} (needs one to ${MAX_CERTIFICATES} certificates in PEM)`,
    });
  return blocks.map((block) => new Uint8Array(new X509Certificate(block).raw));
}
