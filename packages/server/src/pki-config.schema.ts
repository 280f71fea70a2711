import { isDevice, ROLES } from '@attestel/pki';
import { z } from 'zod';

/** Names of keys in the member's key store; they are made where they are missing. */
const keyRef = z.string().regex(/^[a-z0-9][a-z0-9/._-]{0,99}$/, 'must be the name of a key');
const label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a label: a-z, 0-9 and -');
const HOST_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const dnsName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${HOST_LABEL}(?:\\.${HOST_LABEL})+$`), 'must be a DNS name in lower case');
const listener = {
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65535),
};

/** Equipment asks for status over plain HTTP: answers are signed, and TLS would need the status of its certificate first. */
const equipmentUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !url.endsWith('/'), 'must not end with a slash');

const profile = z
  .strictObject({
    role: z.enum(ROLES),
    /** Devices are named by their serial below it. */
    domain: dnsName.optional(),
    /** DNS names that gateways and network functions may ask for. */
    names: z.array(dnsName).max(1000).default([]),
    /** S-NSSAIs in what is issued. */
    slices: z
      .array(z.string().regex(/^[0-9a-f]{2}(?:-[0-9a-f]{6})?$/, 'must be SST or SST-SD in hex'))
      .max(8)
      .default([]),
    /** Types of network functions (RFC 9310). */
    nfTypes: z
      .array(z.string().regex(/^[A-Z0-9_]{1,32}$/, 'must be an NF type'))
      .max(8)
      .default([]),
    /** The ledger takes 398 days at most, and what is issued begins a little before now. */
    validityDays: z.int().min(1).max(397).default(365),
    /** Names of `est.accounts` that may enrol under it. */
    accounts: z.array(z.string()).max(1000).default([]),
  })
  .refine(({ role, accounts, names }) => !isDevice(role) || accounts.length + names.length === 0, {
    error: 'devices enrol by their vendor’s certificate and are named by their serial: no accounts, no names',
  })
  .refine(({ role, nfTypes }) => (role === 'network-function') === nfTypes.length > 0, {
    path: ['nfTypes'],
    error: 'network functions have some, others none',
  });

/** A PKCS #11 token: a hardware security module, a smart card. */
const token = z.strictObject({
  /** Path of its maker's library. */
  library: z.string().min(1),
  label: z.string().min(1).max(32),
  /** The user's PIN, and nothing else but a line break. */
  pinFile: z.string().min(1),
});

const ca = z.strictObject({
  key: keyRef.default('pki/ca'),
  /** Where that key is. Absent: with the member's other keys, in its key file. */
  token: token.optional(),
  /** Of a key that is made now. RS256 for equipment that knows RSA only. */
  algorithm: z.enum(['ES256', 'RS256']).default('ES256'),
  /** PEM: the CA's certificate, then those above it. Absent: the node makes a root, once. */
  certificateFile: z.string().optional(),
  /** Common name of that root. */
  name: z.string().min(1).max(64).optional(),
  validityYears: z.int().min(1).max(30).default(10),
  /** Organisation in the subjects of what is issued; default: the node's English name. */
  organization: z.string().min(1).max(64).optional(),
  /** What is granted, by label (`/.well-known/cmp/p/LABEL`, `/.well-known/est/LABEL`). */
  profiles: z
    .record(label, profile)
    .refine((profiles) => Object.keys(profiles).length <= 64, 'must be 64 at most')
    .default({}),
});

const account = z.strictObject({
  name: z.string().regex(/^[^:\p{Cc}]{1,64}$/u, 'must be 1 to 64 characters without a colon'),
  /** `scrypt:SALT:HASH` in hex: N 16384, r 8, p 1, 32 octets (RFC 7914). */
  password: z
    .string()
    .regex(/^scrypt:(?:[0-9a-f]{2}){16,64}:[0-9a-f]{64}$/, 'must be scrypt:SALT:HASH in hex'),
});

const est = z.strictObject({
  /** A listener of its own, because it asks every client for a certificate. */
  ...listener,
  /** What clients see: https. */
  origin: z.url({ protocol: /^https$/ }),
  certFile: z.string(),
  keyFile: z.string(),
  /** Names and passwords for installers, where there is no certificate yet. */
  accounts: z.array(account).max(1000).default([]),
});

/** Certificates of equipment and networks: publishing, issuing, status. */
export const pkiConfigSchema = z
  .strictObject({
    /** DIDs besides the member's own that may publish certificates in its name: production lines, registration authorities. */
    publishers: z.array(z.string()).max(1000).default([]),
    /** Where equipment finds `/ocsp`, `/crl` and `/.well-known/cmp`; stands in what is issued. Default: `http.origin`. */
    url: equipmentUrl.optional(),
    /** A listener without TLS for them. Absent: they are on the node's own. */
    plain: z.strictObject(listener).optional(),
    /** The member's own CA. */
    ca: ca.optional(),
    /** Answers for every anchor of the ledger: as delegate of the own CA, and as locally trusted responder for others. */
    ocsp: z
      .strictObject({
        key: keyRef.default('pki/ocsp'),
        /** How long clients may keep an answer: the bound on a revocation for gateways without an agent. */
        validitySeconds: z.int().min(1).max(86_400).default(60),
        /** Age of the ledger's state from which on nothing is answered. */
        maxStateSeconds: z.int().min(10).max(86_400).default(300),
        /** A listener for OCSP alone, which answers several times as much as the node's own. */
        listener: z
          .strictObject({ ...listener, maxConnections: z.int().min(1).max(65_535).default(4096) })
          .optional(),
        /** Where equipment finds it; default: `url` of the role. */
        url: equipmentUrl.optional(),
      })
      .optional(),
    /** Revocation lists of the own CA. */
    crl: z.strictObject({ validitySeconds: z.int().min(60).max(604_800).default(3600) }).optional(),
    /** Enrolment by CMP (TS 33.310 cl. 9, RFC 9483). */
    cmp: z.strictObject({ key: keyRef.default('pki/cmp') }).optional(),
    /** Enrolment by EST (RFC 7030). */
    est: est.optional(),
  })
  .refine(({ ca: own, crl, cmp, est: byEst }) => own || !(crl ?? cmp ?? byEst), {
    path: ['ca'],
    error: 'crl, cmp and est are of the own CA: set ca',
  });

export type PkiConfig = z.output<typeof pkiConfigSchema>;
