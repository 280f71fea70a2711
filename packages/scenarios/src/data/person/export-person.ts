import type { JsonValue } from '@attestel/core';
import type { ObjectEvidence } from '../../host/evidence/object-evidence.ts';
import type { LookupAnswer } from '../../host/lookup/answer-lookup.ts';
import type { Kept } from '../../host/payload/payload.schema.ts';
import { type Standing, standingOf } from '../../kinds/grant-queries.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import { type Consent, record27560 } from '../consent/consent-views.ts';
import type { ProvisionHead, Supply } from '../modules/data-provision.ts';

/** Version of the shape below; specs/data.md describes it. */
export const EXPORT_SCHEMA = 'attestel/person-export/v1';

/** Everything that one party keeps of a person in one channel, for the person to take along. */
export interface PersonExport {
  readonly schema: typeof EXPORT_SCHEMA;
  readonly party: string;
  readonly channel: string;
  /** Name of the person in the channel. */
  readonly subject: string;
  /** RFC 3339. */
  readonly exported_at: string;
  readonly consents: readonly ExportedConsent[];
  readonly provisions: readonly ExportedProvision[];
  /** Each object with what proves it by the ledger. */
  readonly evidence: readonly ObjectEvidence[];
}

export interface ExportedConsent {
  /** ISO/IEC TS 27560. */
  readonly consent_record: JsonObject;
  readonly standing: Standing;
}

export interface ExportedProvision {
  readonly provision_id: string;
  /** Of the consent on which it was made. */
  readonly record_id: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly pii_information: readonly string[];
  /** RFC 3339, SHA-256 in hex, number of records. */
  readonly supplies: readonly { readonly time: string; readonly digest: string; readonly records: number }[];
}

/**
 * @param answer what the party tells itself of the person: `answerLookup` with its own DID
 * @param stateOf the object as the party has it
 */
export function exportPerson(
  { party, channel, subject, objects }: LookupAnswer,
  { at, stateOf }: { readonly at: number; stateOf(module: string, id: string): JsonValue },
): PersonExport {
  const of = (module: string) => objects.filter((one) => one.module === module);
  return {
    schema: EXPORT_SCHEMA,
    ...{ party, channel, subject },
    exported_at: instantText(at),
    consents: of('data.consent').map(({ id }) => {
      const consent = stateOf('data.consent', id) as unknown as Consent;
      return { consent_record: record27560(id, consent), standing: standingOf(consent, at) };
    }),
    provisions: of('data.provision').flatMap(({ id, lines }) => {
      const [first] = lines;
      return first?.kept ? [provisionOf(id, first.kept)] : [];
    }),
    evidence: objects,
  };
}

function provisionOf(id: string, { payload, items = [] }: Kept): ExportedProvision {
  const { head } = payload.data as unknown as { readonly head: ProvisionHead };
  const { consent, recipient, purpose, data } = head;
  return {
    ...{ provision_id: id, record_id: consent, recipient, purpose, pii_information: data },
    supplies: (items as unknown as readonly Supply[]).map(({ time, digest, records }) => ({
      time: instantText(time),
      digest,
      records,
    })),
  };
}
