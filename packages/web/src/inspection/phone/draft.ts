import { toHex } from '@attestel/core';
import type { Visit } from '../field/queue.ts';
import type { ReadTag } from '../field/read-tag.ts';
import { secondsOfInstant } from '../field/shift.ts';
import type { FormValues, PlaceText } from '../field/types.ts';

/** A visit that is being filled in; kept with every change, so that nothing typed is lost. */
export interface Draft {
  /** Of the visit that it becomes: kept twice, it is one visit. */
  readonly id: string;
  readonly device: string;
  readonly tag: string;
  /** Unix seconds of the scan. */
  readonly time: number;
  /** Object of the template; null: that of the device's type. */
  readonly template: string | null;
  readonly place: (PlaceText & { readonly accuracy: number | null }) | null;
  readonly values: FormValues;
  readonly photo: Blob | null;
  readonly note: string;
  /** The refused visit that is filled in again; its time, place and photo stay. */
  readonly again: Visit | null;
}

/** 128 random bits, as ids of objects are. */
export const randomId = (): string => toHex(crypto.getRandomValues(new Uint8Array(16)));

export const draftOfTag = ({ device, text }: ReadTag, time: number): Draft => ({
  id: randomId(),
  ...{ device, tag: text, time, template: null, place: null, values: {}, photo: null, note: '', again: null },
});

/** @param template of the record that the visit was refused for */
export const draftAgain = (visit: Visit, photo: Blob | null, template: string | null): Draft => ({
  id: visit.id,
  ...{ device: visit.item.device, tag: visit.item.tag, time: secondsOfInstant(visit.item.time), template },
  ...{ place: { ...visit.item.place, accuracy: null }, values: visit.item.form, photo },
  ...{ note: visit.item.note, again: visit },
});
