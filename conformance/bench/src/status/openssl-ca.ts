import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CA of which both responders speak, made by neither. */
export interface SharedCa {
  readonly certificateFile: string;
  readonly derFile: string;
  readonly keyFile: string;
  /** What `openssl ocsp` knows: every serial is good. */
  readonly indexFile: string;
  /** OCSP requests without nonce, one for each serial. */
  readonly requests: readonly Buffer[];
}

export function createSharedCa(folder: string, serials: readonly number[]): SharedCa {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('ca.key'));
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    at('ca.key'),
    '-subj',
    '/CN=Bench CA',
    '-days',
    '9',
    '-out',
    at('ca.crt'),
  );
  openssl('x509', '-in', at('ca.crt'), '-outform', 'DER', '-out', at('ca.der'));
  const hex = (serial: number): string => serial.toString(16).toUpperCase().padStart(6, '0');
  const line = (serial: number): string =>
    `V\t361231235959Z\t\t${hex(serial)}\tunknown\t/CN=cell ${serial}\n`;
  writeFileSync(at('index.txt'), serials.map(line).join(''));
  const requests = serials.map((serial) => {
    openssl(
      'ocsp',
      '-issuer',
      at('ca.crt'),
      '-serial',
      `0x${hex(serial)}`,
      '-no_nonce',
      '-reqout',
      at('request'),
    );
    return readFileSync(at('request'));
  });
  return {
    ...{ certificateFile: at('ca.crt'), derFile: at('ca.der'), keyFile: at('ca.key') },
    ...{ indexFile: at('index.txt'), requests },
  };
}
