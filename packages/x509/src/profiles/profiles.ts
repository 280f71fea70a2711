import { EKU, type KeyUsage } from '../certificate/extension-types.ts';

export const PROFILE_ROLES = [
  'small-cell',
  'security-gateway',
  'network-function',
  'home-gateway',
  'iot-thing',
  'vendor-ca',
  'operator-ca',
] as const;
export type ProfileRole = (typeof PROFILE_ROLES)[number];

/** What a certificate of a role has. Absent limits mean that nothing is asked. */
export interface Profile {
  readonly ca: boolean;
  readonly keyUsage: { readonly required: readonly KeyUsage[]; readonly allowed: readonly KeyUsage[] };
  /** Extended key usages: at least one of `oneOf` where it is named; absent altogether unless `required`. */
  readonly extKeyUsage?: {
    readonly required: boolean;
    readonly oneOf?: readonly string[];
    readonly allowed: readonly string[];
  };
  /** One of these has to name the holder: a device's serial number, or a kind of alternative name. */
  readonly identity?: readonly ('deviceSerial' | 'dns' | 'ip' | 'uri')[];
  readonly nfTypes: 'required' | 'forbidden';
  readonly keyIds: readonly ('aki' | 'ski')[];
  /** Longest validity, seconds. Shorter caps are the ledger's parameters. */
  readonly maxValidity?: number;
}

const DAY = 86_400;
/** EKU of IPsec before RFC 4945; strongSwan and older gateways still write it. */
const IKE_INTERMEDIATE = '1.3.6.1.5.5.8.2.2';
const TLS = [EKU.clientAuth, EKU.serverAuth];

/** Signing is what IKEv2 and TLS 1.3 use a key for; the others are written by RSA-era equipment. */
const DEVICE_USAGE = {
  required: ['digitalSignature'],
  allowed: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
} as const;
const IPSEC_EKU = { required: false, allowed: [EKU.ipsecIke, IKE_INTERMEDIATE, ...TLS] } as const;
const CA_USAGE = {
  required: ['keyCertSign'],
  allowed: ['keyCertSign', 'cRLSign', 'digitalSignature'],
} as const;
const CA: Profile = { ca: true, keyUsage: CA_USAGE, nfTypes: 'forbidden', keyIds: ['ski'] };

export const CERTIFICATE_PROFILES: Readonly<Record<ProfileRole, Profile>> = {
  /** TS 33.310 cl. 9 (enrolment of base stations), TS 33.320 cl. 7; field tables unverified. */
  'small-cell': {
    ca: false,
    keyUsage: DEVICE_USAGE,
    extKeyUsage: IPSEC_EKU,
    identity: ['deviceSerial', 'dns'],
    nfTypes: 'forbidden',
    keyIds: [],
  },
  /** TS 33.310 cl. 6.1.3, identities as RFC 4945 §5.1.3.6; field table unverified. */
  'security-gateway': {
    ca: false,
    keyUsage: DEVICE_USAGE,
    extKeyUsage: IPSEC_EKU,
    identity: ['dns', 'ip'],
    nfTypes: 'forbidden',
    keyIds: [],
  },
  /**
   * TS 33.310 cl. 6.1.3c.3 (v18.2.0), RFC 9310, RFC 9509. Divergences: a CRL distribution point is not asked
   * for, since status comes from the ledger, and alternative names may be critical or not.
   */
  'network-function': {
    ca: false,
    keyUsage: { required: ['digitalSignature'], allowed: ['digitalSignature'] },
    extKeyUsage: {
      required: true,
      oneOf: TLS,
      allowed: [...TLS, EKU.jwt, EKU.httpContentEncrypt, EKU.oauthAccessTokenSigning],
    },
    identity: ['dns', 'uri'],
    nfTypes: 'required',
    keyIds: ['aki'],
    maxValidity: 3 * 366 * DAY,
  },
  /** IEEE 802.1AR-2018 cl. 8.6 (the serial number names the device); 3GPP has no profile. */
  'home-gateway': {
    ca: false,
    keyUsage: DEVICE_USAGE,
    extKeyUsage: IPSEC_EKU,
    identity: ['deviceSerial'],
    nfTypes: 'forbidden',
    keyIds: [],
  },
  /** IEEE 802.1AR-2018 cl. 8.6, or a name under its maker's domain. */
  'iot-thing': {
    ca: false,
    keyUsage: DEVICE_USAGE,
    extKeyUsage: { required: false, allowed: TLS },
    identity: ['deviceSerial', 'dns', 'uri'],
    nfTypes: 'forbidden',
    keyIds: [],
  },
  /** TS 33.310 cl. 6.1.4 (CA profiles), RFC 5280 §4.2.1.2, §4.2.1.3, §4.2.1.9; field tables unverified. */
  'vendor-ca': CA,
  'operator-ca': CA,
};
