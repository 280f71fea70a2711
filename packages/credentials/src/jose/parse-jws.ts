import { type CompactJws, parseCompactJws } from './compact-jws.ts';
import { decodeBase64url } from './node-base64url.ts';

/** Takes a hostile compact JWS whose payload is a JSON object apart, with Node's decoder; verifies nothing. */
export const parseJws = (text: string, maxChars?: number): CompactJws =>
  parseCompactJws(text, decodeBase64url, maxChars);
