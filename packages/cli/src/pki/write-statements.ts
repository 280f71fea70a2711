import { isDid, parseDid } from '@attestel/did';
import { certificateHash, possessionStatement } from '@attestel/pki';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { besideCertificate } from './pallet.ts';
import { hashOf, readCertificate } from './read-argument.ts';
import { writeWhole } from './write-whole.ts';

/** What a device signs for whom stands in the statement, so it is made before anything is sent. */
export const run: Run = async ({ values, positionals }) => {
  const submitter = requiredText(values, 'submitter');
  if (!isDid(submitter)) throw fail('option_invalid', { field: '--submitter (a DID)' });
  const challenge = hashOf(requiredText(values, 'challenge'), '--challenge');
  const { network } = parseDid(submitter);
  const made: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  for (const path of positionals) {
    const certificate = certificateHash(await readCertificate(path, path));
    const bytes = possessionStatement({ network, challenge, certificate, submitter });
    made.push({ path: besideCertificate(path, 'statement'), bytes });
  }
  for (const { path, bytes } of made) await writeWhole(fromHere(path), bytes);
  const files = made.map(({ path }) => path);
  return {
    data: { files },
    text: files.join('\n'),
    next: 'openssl dgst -sha256 -sign KEY -out NAME.sig NAME.statement, on each device; then attestel pki submit',
  };
};
