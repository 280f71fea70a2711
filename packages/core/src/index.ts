export { fromBase58, toBase58 } from './base58.ts';
export { fromBase64, fromBase64url, toBase64, toBase64url } from './base64.ts';
export {
  asciiBytes,
  type Bytes,
  compareBytes,
  concatBytes,
  equalBytes,
  fromHex,
  fromUtf8,
  type Room,
  toHex,
  utf8,
} from './bytes.ts';
export { type CborValue, encodeCbor } from './cbor.ts';
export { decodeCbor } from './cbor-decode.ts';
export { isStrictEd25519, isStrictEd25519Key } from './ed25519-rule.ts';
export {
  AppError,
  type ErrorKind,
  type ErrorOptions,
  type ErrorRow,
  EXIT_CODES,
  errorsOf,
  isAppError,
} from './errors.ts';
export { Html, type HtmlPart, html, trustedHtml } from './html.ts';
export {
  type ErrorFormat,
  errorResponse,
  type HttpBody,
  type HttpRequest,
  type HttpResponse,
  json,
  page,
  type Route,
  redirect,
} from './http.ts';
export { fillText, LOCALES, type Locale, negotiateLocale } from './i18n.ts';
export { canonicalizeJson, type JsonValue } from './jcs.ts';
export { createMemoryStore, type MemoryStoreFaults } from './memory-store.ts';
export {
  algorithmOf,
  isMultikey,
  type MultikeyBytes,
  multikeyFromJwk,
  multikeyFromText,
  multikeyToJwk,
  multikeyToText,
  type PublicJwk,
  type SignatureAlgorithm,
} from './multikey.ts';
export { originForm } from './origin-form.ts';
export { type Clock, systemClock, unixSeconds } from './ports/clock.ts';
export { type LogFields, type Logger, silentLogger } from './ports/logger.ts';
export { type Random, systemRandom } from './ports/random.ts';
export type { Signer } from './ports/signer.ts';
export type { Range, Store, StoreReader, StoreWriter, Table } from './ports/store.ts';
export { sha256 } from './sha256.ts';
export {
  isJsonObject,
  type JsonFault,
  type JsonLimits,
  type JsonObject,
  parseStrictJson,
  parseStrictJsonSource,
  StrictJsonError,
} from './strict-json.ts';
export { verifyEd25519 } from './web-ed25519.ts';
