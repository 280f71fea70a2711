import { type Bytes, fromUtf8, type JsonValue, utf8 } from '@attestel/core';
import type { Vault } from '../ports.ts';

/** @throws TypeError where the name has no key */
export const sealJson = (vault: Pick<Vault, 'seal'>, name: string, value: JsonValue): Bytes =>
  vault.seal(name, utf8(JSON.stringify(value)));

/** Only the host wrote it, under a key of that name, so it needs no second validation. @throws AppError vault_damaged */
export const openJson = <T>(vault: Pick<Vault, 'open'>, name: string, sealed: Bytes): T =>
  JSON.parse(openText(vault, name, sealed)) as T;

/** The JSON text. @throws AppError vault_damaged */
export const openText = (vault: Pick<Vault, 'open'>, name: string, sealed: Bytes): string =>
  fromUtf8(vault.open(name, sealed));
