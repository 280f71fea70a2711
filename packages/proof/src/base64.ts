const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Base64 with padding (RFC 4648 §4), the only base64 of signed notes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Undefined unless the text is the one canonical encoding of some bytes (RFC 4648 §3.5). */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const binary = atob(text);
  if (btoa(binary) !== text) return undefined; // non-zero trailing bits
  // A plain loop: `Uint8Array.from` walks a string thirty times slower, which hostile text could use.
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
