import { createHash } from 'node:crypto';

/** Something that must not be found, in every form it might have been written in. */
export interface Secret {
  /** What it is, for the report; never the value itself. */
  readonly label: string;
  readonly forms: readonly Form[];
}

export interface Form {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Find {
  readonly label: string;
  readonly form: string;
}

/** A phone number (E.164), as text, packed as telecom does, as an integer, and hashed without a key. */
export function numberSecret(label: string, number: string): Secret {
  const digits = number.slice(1);
  // ITU-T E.164: one to three digits of country code; the samples' is three long.
  const national = digits.slice(3);
  const texts = {
    e164: number,
    digits,
    national,
    reversed: reverse(number),
    'reversed digits': reverse(digits),
  };
  return {
    label,
    forms: [
      ...Object.entries(texts).flatMap(([name, text]) => textForms(name, text)),
      ...packedForms(digits),
      ...[number, digits, national, `tel:${number}`].flatMap((text) => hashForms(Buffer.from(text))),
    ],
  };
}

/** A person's name, as written and with its parts turned round. */
export function nameSecret(label: string, name: string): Secret {
  const turned = name.split(' ').reverse().join(' ');
  const texts = [...new Set([name, turned, name.toLowerCase(), name.toUpperCase()])];
  return {
    label,
    forms: [
      ...texts.flatMap((text) => textForms(`"${texts.indexOf(text)}"`, text)),
      ...texts.flatMap((text) => hashForms(Buffer.from(text))),
    ],
  };
}

/** A subscription handle: base64url text of 32 bytes. */
export function handleSecret(label: string, handle: string): Secret {
  const raw = Buffer.from(handle, 'base64url');
  return {
    label,
    forms: [
      ...textForms('text', handle),
      ...byteForms('raw', raw),
      ...hashForms(Buffer.from(handle)),
      ...hashForms(raw),
    ],
  };
}

const reverse = (text: string): string => [...text].reverse().join('');

function textForms(name: string, text: string): Form[] {
  const le = Buffer.from(text, 'utf16le');
  const escaped = [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return [
    ...byteForms(name, Buffer.from(text)),
    { name: `${name}, UTF-16LE`, bytes: le },
    { name: `${name}, UTF-16BE`, bytes: Buffer.from(le).swap16() },
    { name: `${name}, JSON escapes`, bytes: Buffer.from(escaped) },
    { name: `${name}, percent`, bytes: Buffer.from(encodeURIComponent(text)) },
  ];
}

function byteForms(name: string, bytes: Buffer): Form[] {
  const hex = bytes.toString('hex');
  return [
    { name, bytes },
    { name: `${name}, hex`, bytes: Buffer.from(hex) },
    { name: `${name}, HEX`, bytes: Buffer.from(hex.toUpperCase()) },
    ...base64Forms(name, bytes),
  ];
}

/**
 * Inside a longer base64 text, such as the payload of a JWT, bytes begin at any of three places; what
 * their neighbours do not touch is always the same.
 */
function base64Forms(name: string, bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.length - (padded.length % 3);
    const inner = padded
      .subarray(0, whole)
      .toString('base64')
      .slice(before === 0 ? 0 : 4);
    const url = inner.replaceAll('+', '-').replaceAll('/', '_');
    return [
      { name: `${name}, base64 at ${before}`, bytes: Buffer.from(inner) },
      { name: `${name}, base64url at ${before}`, bytes: Buffer.from(url) },
    ];
  });
}

/** Anyone can count through all numbers, names are few: a hash without a key hides neither. */
const hashForms = (bytes: Buffer): Form[] =>
  ['sha256', 'sha1', 'md5'].flatMap((algorithm) =>
    byteForms(`${algorithm} of ${bytes.length} bytes`, createHash(algorithm).update(bytes).digest()),
  );

/** TBCD of TS 29.002 (nibbles swapped), plain BCD, and the digits as one integer. */
function packedForms(digits: string): Form[] {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  const integer = Buffer.alloc(8);
  integer.writeBigUInt64BE(BigInt(digits));
  const significant = integer.subarray(integer.findIndex((byte) => byte !== 0));
  return [
    { name: 'BCD', bytes: Buffer.from(even, 'hex') },
    { name: 'TBCD', bytes: Buffer.from(even.replace(/(.)(.)/g, '$2$1'), 'hex') },
    { name: 'integer, big-endian', bytes: significant },
    { name: 'integer, little-endian', bytes: Buffer.from(significant).reverse() },
  ];
}

const LEAST_BYTES = 6;

/** Finds every secret in one pass over the data, however many there are. */
export function createScanner(secrets: readonly Secret[]): (data: Uint8Array) => Find[] {
  const starts = new Uint8Array(1 << 16);
  const byHead = new Map<number, (Find & { readonly bytes: Buffer })[]>();
  for (const { label, forms } of secrets) {
    for (const { name, bytes } of forms) {
      if (bytes.length < LEAST_BYTES)
        throw new TypeError(`leak scan: ${label}, ${name} is too short to tell`);
      const needle = Buffer.from(bytes);
      starts[needle.readUInt16LE(0)] = 1;
      const head = needle.readUInt32LE(0);
      byHead.set(head, [...(byHead.get(head) ?? []), { label, form: name, bytes: needle }]);
    }
  }
  return (data) => {
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const found = new Map<string, Find>();
    for (let i = 0; i + LEAST_BYTES <= buffer.length; i++) {
      if (starts[buffer.readUInt16LE(i)] === 0) continue;
      for (const { label, form, bytes } of byHead.get(buffer.readUInt32LE(i)) ?? []) {
        if (buffer.subarray(i, i + bytes.length).equals(bytes))
          found.set(`${label}: ${form}`, { label, form });
      }
    }
    return [...found.values()];
  };
}
