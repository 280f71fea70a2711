/**
 * Bounds on what a stranger may send. They are far above anything Attestel issues and far below what
 * would cost noticeable time or memory.
 */
export const LIMITS = {
  /** Characters of a whole SD-JWT or SD-JWT+KB. */
  presentationChars: 65_536,
  /** Characters of one compact JWS. */
  jwsChars: 49_152,
  /** Characters of a `vc+jwt`. */
  vcChars: 16_384,
  disclosures: 128,
  disclosureChars: 16_384,
  /** Digests in payload and disclosures together, decoys included. */
  digests: 1_024,
  /** Nesting of JSON values. */
  jsonDepth: 16,
  /** Members and elements of one JSON text. */
  jsonItems: 4_096,
  x5cCertificates: 4,
  x5cChars: 8_192,
  portingRecords: 8,
} as const;

/** Largest clock difference tolerated for exp, nbf, iat: RFC 9901 §9.7 asks for a short window. */
export const CLOCK_SKEW_SECONDS = 60;
