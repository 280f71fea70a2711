/** A field of a template's form, as the module declares it. */
export interface FormField {
  readonly name: string;
  readonly label: { readonly 'zh-CN': string; readonly en: string };
  readonly kind: 'choice' | 'number' | 'text' | 'yes-no';
  readonly required: boolean;
  readonly options: readonly string[];
}

export interface Threshold {
  readonly metric: string;
  readonly unit: string;
  readonly least: string;
  readonly most: string;
}

export interface TemplateVersion {
  readonly version: number;
  /** Unix seconds, half-open. */
  readonly from: number;
  readonly until: number | null;
  readonly form: readonly FormField[];
  readonly thresholds: readonly Threshold[];
}

export interface Template {
  /** Object of the document. */
  readonly id: string;
  /** Code of the type of devices that it is for. */
  readonly type: string;
  readonly versions: readonly TemplateVersion[];
  readonly ends: number | null;
}

export interface Device {
  readonly id: string;
  readonly vendor: string;
  readonly serial: string;
  readonly type: string;
  readonly model: string;
  readonly city: string;
  readonly site: string;
  readonly place: PlaceText | null;
  /** Multikey of its tag; null: it has none. */
  readonly tagKey: string | null;
  /** Told of its inspections. */
  readonly group: string;
}

/** WGS 84, decimal degrees as text with at most six digits behind the point. */
export interface PlaceText {
  readonly latitude: string;
  readonly longitude: string;
}

export interface Pack {
  readonly devices: readonly Device[];
  /** False: the province has more than the phone takes along. */
  readonly isWhole: boolean;
  readonly templates: readonly Template[];
}

export type FormValues = { readonly [field: string]: string | boolean };

/** One visit as the record of the module takes it. */
export interface VisitItem {
  readonly device: string;
  readonly tag: string;
  readonly place: PlaceText;
  /** RFC 3339 in UTC, whole seconds. */
  readonly time: string;
  readonly form: FormValues;
  /** SHA-256, hex. */
  readonly photo: string;
  readonly track: string;
  readonly note: string;
}
