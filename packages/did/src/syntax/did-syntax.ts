import type { Bytes } from '@attestel/core';
import { fail } from '../errors.ts';
import { multihashText, parseMultihash } from './multihash.ts';

/** The network whose label is left out of the identifier. */
export const MAIN_NETWORK = 'main';

export interface ParsedDid {
  readonly did: string;
  readonly network: string;
  /** `zQm…` */
  readonly scid: string;
  /** SHA-256 inside the scid. */
  readonly digest: Bytes;
}

const NETWORK = /^[a-z][a-z0-9-]{0,15}$/;

/** specs/did-mno.md §3 `network`. */
export const isNetwork = (text: string): boolean => NETWORK.test(text);

const DID = /^did:mno:(?:([^:]*):)?([^:]*)$/;

/**
 * Exact syntax of specs/did-mno.md §3; nothing is normalised, so every DID has one spelling.
 * @throws AppError invalid_did
 */
export function parseDid(text: string): ParsedDid {
  const parsed = tryParseDid(text);
  if (parsed === undefined) throw fail('invalid_did');
  return parsed;
}

export const isDid = (text: string): boolean => tryParseDid(text) !== undefined;

function tryParseDid(text: string): ParsedDid | undefined {
  if (text.length > 80) return undefined;
  const [, label, scid = ''] = DID.exec(text) ?? [];
  // §3: the main network has no label; spelling it out would give a DID two spellings.
  if (label !== undefined && (!isNetwork(label) || label === MAIN_NETWORK)) return undefined;
  const digest = parseMultihash(scid);
  return digest && { did: text, network: label ?? MAIN_NETWORK, scid, digest };
}

/** @throws TypeError on a bad network label or a digest that is not 32 bytes */
export function formatDid(network: string, digest: Bytes): string {
  if (!isNetwork(network)) throw new TypeError('did: bad network label');
  const label = network === MAIN_NETWORK ? '' : `${network}:`;
  return `did:mno:${label}${multihashText(digest)}`;
}

/** DID 1.1 §3.1 for any method, to tell a foreign DID from no DID at all. */
export const isAnyDid = (text: string): boolean => text.length <= 2048 && ANY_DID.test(text);

const ID_CHARACTER = '(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})';
const ANY_DID = new RegExp(`^did:[a-z0-9]+:(?:${ID_CHARACTER}*:)*${ID_CHARACTER}+$`);
