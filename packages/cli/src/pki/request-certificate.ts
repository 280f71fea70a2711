import { type KeyStore, openPkcs11KeyStore } from '@attestel/keystore';
import { ensureSigningKey, requestAuthorityCertificate } from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import { readText } from '../read-bytes.ts';
import { writeWhole } from './write-whole.ts';

/** As `roles.pki.ca.key` of a node's configuration. */
const KEY_NAME = /^[a-z0-9][a-z0-9/._-]{0,99}$/;

/** The key is durable before the request is written, and stays in the key store. */
export const run: Run = async ({ values }) => {
  const name = nameIn('name', requiredText(values, 'name'));
  const above = textOr(values, 'organization', undefined);
  const organization = above === undefined ? undefined : nameIn('organization', above);
  const key = textOr(values, 'key', 'pki/ca');
  if (!KEY_NAME.test(key)) throw fail('option_invalid', { field: '--key' });
  const algorithm = algorithmOf(values);
  const isOnToken = textOr(values, 'token-library', undefined) !== undefined;
  const keyStore = await (isOnToken ? keysOnToken(values) : keysOfParty(values));
  const known = await keyStore.find(key);
  // Another use of the same key would sign what its holder never meant.
  if (known && known.purpose !== 'certificate-authority') {
    throw fail('option_invalid', { field: '--key (of a key that is no CA’s)' });
  }
  const signingKey = await ensureSigningKey({ keyStore, key }, algorithm);
  const pem = pemOf(await requestAuthorityCertificate({ name, organization, key: signingKey }));
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) await writeWhole(fromHere(out), pem);
  const restart = 'restart the node of this party, if it runs: it has the key file open';
  const made = known ? [] : [isOnToken ? 'name the token as roles.pki.ca.token' : restart];
  return {
    data: { key, isNew: known === undefined, pem },
    text: out === undefined ? pem : `${out}: a request for ${name}, signed by ${key}`,
    next: [
      ...made,
      'name the file with the certificate, and those above it, as roles.pki.ca.certificateFile',
    ].join('; '),
  };
};

const keysOfParty = async (values: CommandInput['values']): Promise<KeyStore> =>
  (await actAs(dataDirOf(values), requiredText(values, 'as'))).keyStore;

/** The PIN is in a file: arguments are seen by every user of the machine. */
async function keysOnToken(values: CommandInput['values']): Promise<KeyStore> {
  const library = fromHere(requiredText(values, 'token-library'));
  const label = requiredText(values, 'token-label');
  const pin = await readText(requiredText(values, 'token-pin-file'), '--token-pin-file');
  return openPkcs11KeyStore({ library, label, pin: pin.replace(/\r?\n$/, '') });
}

const MAX_NAME = 64;

/** Bounds of X.520: common and organisation names. @throws option_invalid */
function nameIn(option: string, text: string): string {
  if (/^[^\p{Cc}]+$/u.test(text) && [...text].length <= MAX_NAME) return text;
  throw fail('option_invalid', { field: `--${option} (1 to ${MAX_NAME} characters)` });
}

function algorithmOf(values: CommandInput['values']): 'ES256' | 'RS256' {
  const algorithm = textOr(values, 'algorithm', 'ES256');
  if (algorithm === 'ES256' || algorithm === 'RS256') return algorithm;
  throw fail('option_invalid', { field: '--algorithm (ES256 or RS256)' });
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
