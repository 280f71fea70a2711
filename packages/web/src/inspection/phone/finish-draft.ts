import { again } from '../field/queue.ts';
import { instantText } from '../field/shift.ts';
import { type FieldFault, faultsOf, filled } from '../field/template.ts';
import type { Device, Template, TemplateVersion } from '../field/types.ts';
import { DRAFT, type PhoneDatabase } from './database.ts';
import type { Draft } from './draft.ts';
import { queueVisit } from './field-phone.ts';
import type { Identity } from './identity.ts';

export interface FinishedForm {
  readonly draft: Draft;
  readonly template: Template;
  readonly version: TemplateVersion;
  readonly device: Device | undefined;
}

/**
 * Puts a visit into the queue, or back into it where it was refused; the draft is gone then.
 * @returns what is missing or wrong, by field, `place` and `photo` among them; empty: it is in the queue
 */
export async function finishDraft(
  db: PhoneDatabase,
  identity: Identity,
  { draft, template, version, device }: FinishedForm,
): Promise<ReadonlyMap<string, FieldFault>> {
  const { id, place, photo, note, time, tag } = draft;
  const form = filled(draft.values, version.form);
  const faults = new Map(faultsOf(form, version.form));
  if (!place) faults.set('place', 'missing');
  if (!photo) faults.set('photo', 'missing');
  if (faults.size > 0 || !place || !photo) return faults;
  if (draft.again) {
    await db.putVisit(again(draft.again, form));
    await db.remove(DRAFT);
    return faults;
  }
  const { latitude, longitude } = place;
  const item = {
    device: draft.device,
    tag,
    place: { latitude, longitude },
    time: instantText(time),
    form,
    note,
  };
  const to = device ? [device.group] : [];
  await queueVisit(db, identity, { id, item, template: template.id, to, photo });
  return faults;
}
