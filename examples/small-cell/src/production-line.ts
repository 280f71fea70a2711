import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openssl } from './programs.ts';

/** Profile of a small cell: no CA, a key that signs, for IKE. */
const PROFILE = `[req]
distinguished_name = subject
prompt = no
[subject]
CN = CG-5G indoor cell
serialNumber = SERIAL
[cell]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = 1.3.6.1.5.5.7.3.17
`;

export interface Line {
  /** A key that stays in the device, and a certificate that it signs itself. */
  makeCell(serial: string): Promise<void>;
  /** What happened to a whole series in 2025: one device's key and certificate in another one. */
  copyCell(from: string, to: string): Promise<void>;
  /** The device signs what it is asked to. */
  prove(serial: string): Promise<void>;
  /** Path of a cell's file. */
  file(serial: string, extension: string): string;
}

export function openLine(folder: string): Line {
  const file = (serial: string, extension: string): string => join(folder, `${serial}.${extension}`);
  return {
    file,
    async makeCell(serial) {
      await writeFile(file(serial, 'cnf'), PROFILE.replace('SERIAL', serial));
      await openssl(
        ...['req', '-x509', '-config', file(serial, 'cnf'), '-extensions', 'cell', '-days', '365', '-sha256'],
        ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
        ...['-keyout', file(serial, 'key'), '-out', file(serial, 'crt')],
      );
    },
    async copyCell(from, to) {
      for (const extension of ['key', 'crt']) await copyFile(file(from, extension), file(to, extension));
    },
    async prove(serial) {
      const [key, statement] = [file(serial, 'key'), file(serial, 'statement')];
      await openssl('dgst', '-sha256', '-sign', key, '-out', file(serial, 'sig'), statement);
    },
  };
}
