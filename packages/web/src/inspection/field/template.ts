import type { FormField, FormValues, Template, TemplateVersion, Threshold } from './types.ts';

/** The version that counts at a time: the last of those that have begun, unless it or the template has ended. */
export function versionAt({ versions, ends }: Template, time: number): TemplateVersion | undefined {
  const begun = versions.findLast(({ from }) => from <= time);
  if (!begun || (ends !== null && ends <= time)) return undefined;
  return begun.until === null || time < begun.until ? begun : undefined;
}

/** Limits of the measured value that a field asks for, where the template has some for it. */
export const limitsOf = (
  { name, kind }: FormField,
  thresholds: readonly Threshold[],
): Threshold | undefined =>
  kind === 'number' ? thresholds.find(({ metric }) => metric === name) : undefined;

/** What is wrong with a value that somebody typed. */
export type FieldFault = 'missing' | 'no-number' | 'no-choice' | 'too-long';

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MAX_DIGITS = 40;
const MAX_TEXT = 500;

/** Rule R6 as far as the phone knows the template: the node judges by the one in force. */
export function faultsOf(form: FormValues, fields: readonly FormField[]): ReadonlyMap<string, FieldFault> {
  const faults = fields.flatMap((field) => {
    const fault = faultOf(field, form[field.name]);
    return fault ? [[field.name, fault] as const] : [];
  });
  return new Map(faults);
}

function faultOf(
  { kind, required, options }: FormField,
  value: string | boolean | undefined,
): FieldFault | undefined {
  if (value === undefined || value === '') return required ? 'missing' : undefined;
  if (kind === 'yes-no') return typeof value === 'boolean' ? undefined : 'missing';
  const text = String(value);
  if (kind === 'choice') return options.includes(text) ? undefined : 'no-choice';
  if (kind === 'text') return text.length <= MAX_TEXT ? undefined : 'too-long';
  return DECIMAL.test(text) && text.replace(/\D/g, '').length <= MAX_DIGITS ? undefined : 'no-number';
}

/** What is sent: fields of this form alone, and none that is empty. Values typed for an older form stay where they fit. */
export const filled = (values: FormValues, fields: readonly FormField[]): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined || value === '' ? [] : [[name, value] as const];
    }),
  );
