import type { JsonValue } from '@attestel/core';
import type { ObjectEvidence } from '../../host/evidence/object-evidence.ts';
import type { LeftOut, LookupAnswer, LookupPlace } from '../../host/lookup/lookup-answer.ts';
import type { Kept } from '../../host/payload/payload.schema.ts';
import { type Standing, standingOf } from '../../kinds/grant-queries.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import { type Consent, record27560 } from '../consent/consent-views.ts';
import type { ProvisionHead, Supply } from '../modules/data-provision.ts';

/** Version of the shape below; specs/data.md describes it. */
export const EXPORT_SCHEMA = 'attestel/person-export/v2';

/** Everything that one party keeps of a person in one channel, for the person to take along; or a part of it. */
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
  /** Objects that it should have and has not, and why. */
  readonly left: readonly LeftOut[];
  /** Where the next part begins, in the midst of an object if need be; null: there is none. */
  readonly next: LookupPlace | null;
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

export interface Exporting {
  /** Unix seconds. */
  readonly at: number;
  /** Where this part begins. */
  readonly after?: LookupPlace | null | undefined;
  /** The object as the party has it; or the code of what went wrong with it. */
  stateOf(name: ExportedName): { readonly state: JsonValue } | { readonly why: string };
}

type ExportedName = Pick<ObjectEvidence, 'channel' | 'module' | 'id'>;

const CONSENT = 'data.consent';

/** Objects of a part of an answer that end in it, so that their state is told there. */
export const endingIn = ({ objects, next }: Pick<LookupAnswer, 'objects' | 'next'>) =>
  objects.filter((one) => !isAmidst(one, next));

const isAmidst = ({ module, id }: ExportedName, place: LookupPlace | null | undefined): boolean =>
  place?.module === module && place.id === id && place.line > 1;

/** @param answer what the party tells itself of the person, or a part of it: `answerLookup` with its own DID */
export function exportPerson(answer: LookupAnswer, { at, after, stateOf }: Exporting): PersonExport {
  const { party, channel, subject, objects, next } = answer;
  const left: LeftOut[] = [...answer.left];
  const consents = endingIn(answer).flatMap((one): ExportedConsent[] => {
    if (one.module !== CONSENT) return [];
    const { module, id } = one;
    const found = stateOf(one);
    if ('why' in found) {
      left.push({ module, id, why: found.why });
      return [];
    }
    const consent = found.state as unknown as Consent;
    return [{ consent_record: record27560(id, consent), standing: standingOf(consent, at) }];
  });
  const begun = objects.filter((one) => one.module === 'data.provision' && !isAmidst(one, after));
  return {
    schema: EXPORT_SCHEMA,
    ...{ party, channel, subject },
    exported_at: instantText(at),
    consents,
    provisions: begun.flatMap(({ id, lines: [first] }) => (first?.kept ? [provisionOf(id, first.kept)] : [])),
    evidence: objects,
    ...{ left, next },
  };
}

/** Parts as one document, in their order; an object that goes on in the next part is one again. */
export function joinExports(parts: readonly [PersonExport, ...PersonExport[]]): PersonExport {
  const evidence: ObjectEvidence[] = [];
  for (const one of parts.flatMap((part) => part.evidence)) {
    const last = evidence.at(-1);
    const isSame = last?.module === one.module && last.id === one.id;
    if (isSame) evidence[evidence.length - 1] = { ...last, lines: [...last.lines, ...one.lines] };
    else evidence.push(one);
  }
  return {
    ...parts[0],
    consents: parts.flatMap((part) => part.consents),
    provisions: parts.flatMap((part) => part.provisions),
    evidence,
    left: parts.flatMap((part) => part.left),
    next: parts.at(-1)?.next ?? null,
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
