import { LOCALES } from '@attestel/core';
import { CONFIGURATION_ID, type IssuerContext } from '../context.ts';
import { texts } from '../i18n/texts.ts';

/** OID4VCI 1.0 §12.2.4 and appendix A.3.2 (dc+sd-jwt). */
export const credentialIssuerMetadata = (issuer: IssuerContext) => ({
  credential_issuer: issuer.issuerUrl,
  credential_endpoint: `${issuer.issuerUrl}/credential`,
  nonce_endpoint: `${issuer.issuerUrl}/nonce`,
  batch_credential_issuance: { batch_size: issuer.limits.batchSize },
  display: LOCALES.map((locale) => ({ name: issuer.party.name[locale], locale })),
  credential_configurations_supported: {
    [CONFIGURATION_ID]: {
      format: 'dc+sd-jwt',
      scope: CONFIGURATION_ID,
      vct: issuer.vct,
      cryptographic_binding_methods_supported: ['jwk'],
      credential_signing_alg_values_supported: ['ES256'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_metadata: {
        display: LOCALES.map((locale) => ({
          name: texts(locale).credential.name,
          description: texts(locale).credential.description,
          locale,
        })),
        claims: claimDescriptions(),
      },
    },
  },
});

/** Appendix B.2: every claim a credential may hold, with its name for people. */
function claimDescriptions() {
  const names = Object.keys(texts('en').claims) as (keyof ReturnType<typeof texts>['claims'])[];
  return names.map((name) => ({
    path: [name],
    mandatory: name !== 'porting_records',
    display: LOCALES.map((locale) => ({ name: texts(locale).claims[name], locale })),
  }));
}
