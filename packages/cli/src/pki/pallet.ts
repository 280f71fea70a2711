import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAppError, toBase64, toHex } from '@attestel/core';
import { certificateHash } from '@attestel/pki';
import { fail } from '../errors.ts';
import { fromHere } from '../paths.ts';
import { certificateOf } from './certificate-file.ts';

const CERTIFICATE = /\.(?:crt|cer|pem|der)$/;

/** An item of `POST /v1/pki/certificates`, read from files that stand beside each other. */
export interface PalletItem {
  readonly certificate: string;
  readonly possession: string;
  readonly replaces: string | null;
  readonly origin: { readonly certificate: string; readonly signature: string } | null;
}

/** A certificate's file, and the item made of it, or why there is none: it spoils itself only. */
export type PalletEntry =
  | { readonly file: string; readonly item: PalletItem }
  | { readonly file: string; readonly code: string };

/** `cell-7.crt` → `cell-7.sig` */
export const besideCertificate = (path: string, extension: string): string =>
  `${path.replace(CERTIFICATE, '')}.${extension}`;

/** Certificates of a folder, in order of their names. @throws option_invalid */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(fromHere(folder)).catch((cause: unknown) => {
    throw fail('option_invalid', { field: '--pallet (a folder that can be read)', cause });
  });
  const isOne = (name: string): boolean =>
    CERTIFICATE.test(name) && !/\.(?:origin|replaces)\.[a-z]+$/.test(name);
  const files = names.filter(isOne).sort();
  if (files.length === 0) throw fail('option_invalid', { field: '--pallet (no certificate in it)' });
  return files.map((name) => join(folder, name));
}

/**
 * NAME.crt with NAME.sig (proof of possession), and where they are: NAME.origin.crt with NAME.origin.sig (the vendor's
 * certificate of the device and its signature), NAME.replaces.crt (what a renewal takes the place of).
 */
export async function readEntry(file: string): Promise<PalletEntry> {
  const beside = (extension: string) => optional(besideCertificate(file, extension));
  const [own, possession, origin, signature, replaced] = await Promise.all([
    optional(file),
    ...['sig', 'origin.crt', 'origin.sig', 'replaces.crt'].map(beside),
  ]);
  if (!own) return { file, code: 'file_unreadable' };
  if (!possession) return { file, code: 'signature_missing' };
  if ((origin === undefined) !== (signature === undefined)) return { file, code: 'origin_incomplete' };
  try {
    return {
      file,
      item: {
        certificate: toBase64(certificateOf(own, file)),
        possession: toBase64(possession),
        replaces: replaced ? toHex(certificateHash(certificateOf(replaced, file))) : null,
        origin:
          origin && signature
            ? { certificate: toBase64(certificateOf(origin, file)), signature: toBase64(signature) }
            : null,
      },
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { file, code: 'file_unreadable' };
  }
}

const optional = (path: string): Promise<Uint8Array | undefined> =>
  readFile(fromHere(path)).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );
