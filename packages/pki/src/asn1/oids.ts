/** Object identifiers of the messages that @attestel/x509 does not know, by where they are defined. */
export const OID = {
  // Hashes: RFC 3279, RFC 5754
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  // CRLs: RFC 5280 §5.2, §5.3
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
  // OCSP: RFC 6960 §4.2.1, §4.2.2.2.1, §4.4; RFC 5280 §4.2.2.1
  aiaOcsp: '1.3.6.1.5.5.7.48.1',
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspExtendedRevoke: '1.3.6.1.5.5.7.48.1.9',
  // PKCS: RFC 2985 §5.4.1, §5.4.2, RFC 5652
  challengePassword: '1.2.840.113549.1.9.7',
  extensionRequest: '1.2.840.113549.1.9.14',
  cmsData: '1.2.840.113549.1.7.1',
  cmsSignedData: '1.2.840.113549.1.7.2',
  // CMP: RFC 9810 §4.5, §5.1.1, §5.3.19; controls of CRMF: RFC 4211 §6.5
  cmcCa: '1.3.6.1.5.5.7.3.27',
  implicitConfirm: '1.3.6.1.5.5.7.4.13',
  caCerts: '1.3.6.1.5.5.7.4.17',
  oldCertId: '1.3.6.1.5.5.7.5.1.5',
} as const;
