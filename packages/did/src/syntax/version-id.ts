import type { Bytes } from '@attestel/core';
import { multihashText, parseMultihash } from './multihash.ts';

/** `<n>-<multihash of the operation id>` (specs/did-mno.md §6.4): version number and what made it. */
export const formatVersionId = (version: number, operationId: Bytes): string =>
  `${version}-${multihashText(operationId)}`;

export interface ParsedVersionId {
  readonly version: number;
  /** Also the `previous` of an operation that follows this version. */
  readonly operationId: Bytes;
}

const VERSION_ID = /^([1-9][0-9]{0,9})-(z.*)$/;

/** Undefined unless the text is exactly what {@link formatVersionId} writes. */
export function parseVersionId(text: string): ParsedVersionId | undefined {
  const [, version, hash = ''] = (text.length <= 64 && VERSION_ID.exec(text)) || [];
  const operationId = parseMultihash(hash);
  return operationId && { version: Number(version), operationId };
}
