import { describe, expect, it } from 'vitest';
import { faultsOf, filled, limitsOf, versionAt } from '../../src/inspection/field/template.ts';
import type { FormField, Template } from '../../src/inspection/field/types.ts';

const field = (name: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({
  ...{ name, kind, label: { 'zh-CN': name, en: name }, required: true, options: [] },
  ...more,
});
const FORM = [
  field('clean', 'yes-no'),
  field('lamp', 'choice', { options: ['green', 'red'] }),
  field('temperature', 'number', { required: false }),
  field('remark', 'text', { required: false }),
];
const version = (number: number, from: number, until: number | null = null) => ({
  ...{ version: number, from, until, form: FORM, thresholds: [] },
});

describe('the form in force', () => {
  const template: Template = {
    id: 't',
    type: 'BS',
    versions: [version(1, 100), version(2, 200, 300)],
    ends: null,
  };

  it.each([
    [99, undefined],
    [100, 1],
    [199, 1],
    [200, 2],
    [300, undefined],
  ])('at %i is version %s', (time, number) => {
    expect(versionAt(template, time)?.version).toBe(number);
  });

  it('is none after the template was withdrawn', () => {
    expect(versionAt({ ...template, ends: 150 }, 150)).toBeUndefined();
    expect(versionAt({ ...template, ends: 150 }, 149)?.version).toBe(1);
  });
});

describe('a form that is filled in', () => {
  const good = { clean: false, lamp: 'green' };

  it.each([
    ['nothing', {}, { clean: 'missing', lamp: 'missing' }],
    ['an empty choice', { ...good, lamp: '' }, { lamp: 'missing' }],
    ['a choice that is none', { ...good, lamp: 'blue' }, { lamp: 'no-choice' }],
    ['a number with a comma', { ...good, temperature: '21,5' }, { temperature: 'no-number' }],
    ['a number with zeros in front', { ...good, temperature: '007' }, { temperature: 'no-number' }],
    ['a number of 41 digits', { ...good, temperature: '1'.repeat(41) }, { temperature: 'no-number' }],
    ['too much text', { ...good, remark: 'x'.repeat(501) }, { remark: 'too-long' }],
    ['all of it', { ...good, temperature: '-21.5', remark: '好' }, {}],
  ])('with %s is told what is wrong [R6]', (_, values, faults) => {
    expect(Object.fromEntries(faultsOf(values, FORM))).toEqual(faults);
  });

  it('sends its own fields alone, and none that is empty', () => {
    const values = { ...good, temperature: '', sealed: true };
    expect(filled(values, FORM)).toEqual(good);
    expect(filled(JSON.parse('{"__proto__": {"clean": true}}'), FORM)).toEqual({});
  });

  it('shows the limits of what is measured', () => {
    const limits = { metric: 'temperature', unit: 'Cel', least: '-10', most: '45' };
    expect(FORM.map((one) => limitsOf(one, [limits]))).toEqual([undefined, undefined, limits, undefined]);
  });
});
