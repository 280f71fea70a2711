import {
  algorithmOf,
  fromBase64url,
  fromUtf8,
  isJsonObject,
  type JsonObject,
  type MultikeyBytes,
  multikeyFromText,
  multikeyToJwk,
  parseStrictJson,
  utf8,
} from '@attestel/core';

/** A tag's text and the device that it names; nothing of it is believed yet. */
export interface ReadTag {
  readonly text: string;
  /** Object of the device, 32 hex digits. */
  readonly device: string;
}

const TAG =
  /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{8,200}\.[A-Za-z0-9_-]{8,200}\.[A-Za-z0-9_-]{80,100}(?![A-Za-z0-9_.-])/;
const DEVICE = /^[0-9a-f]{32}$/;
const MAX_CHARS = 1024;
const JSON_DEPTH = 2;

/** The tag in what was scanned, pasted, or stands in a link to this page. Hostile text: undefined for everything else. */
export function tagOfText(scanned: string): ReadTag | undefined {
  if (scanned.length > MAX_CHARS) return undefined;
  const text = TAG.exec(scanned)?.[0];
  const [, payload = ''] = text?.split('.') ?? [];
  const device = objectOf(payload)?.device;
  return text !== undefined && typeof device === 'string' && DEVICE.test(device)
    ? { text, device }
    : undefined;
}

function objectOf(part: string): JsonObject | undefined {
  try {
    const value = parseStrictJson(fromUtf8(fromBase64url(part)), { depth: JSON_DEPTH });
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const ALGORITHMS = {
  ES256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
} as const;

/**
 * Whether the custodian signed the tag, as far as this phone can tell: the node decides (R1). Undefined where the browser
 * does not know the algorithm.
 */
export async function isGenuine({ text }: ReadTag, tagKey: string): Promise<boolean | undefined> {
  try {
    const key: MultikeyBytes = multikeyFromText(tagKey);
    const [header = '', payload = '', signature = ''] = text.split('.');
    const [made, used] = ALGORITHMS[algorithmOf(key)];
    if (objectOf(header)?.alg !== algorithmOf(key)) return false;
    const imported = await crypto.subtle.importKey('jwk', multikeyToJwk(key), made, false, ['verify']);
    const bytes = fromBase64url(signature);
    return await crypto.subtle.verify(
      used,
      imported,
      Uint8Array.from(bytes),
      utf8(`${header}.${payload}`).slice(),
    );
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return undefined;
    return false;
  }
}
