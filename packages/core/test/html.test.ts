import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, trustedHtml } from '../src/index.ts';
import { anyText } from './arbitrary-text.ts';

describe('html', () => {
  test('escapes every character that could end a text or a quoted attribute', () => {
    expect(String(html`<a title="${`<&>"'`}">${'</a>'}</a>`)).toBe(
      '<a title="&lt;&amp;&gt;&quot;&#39;">&lt;/a&gt;</a>',
    );
  });

  test('keeps nested markup, joins lists, drops nothing values', () => {
    const items = ['<1>', html`<b>2</b>`, 3, [null, undefined, false as const, '']];
    expect(String(html`<p>${items}</p>`)).toBe('<p>&lt;1&gt;<b>2</b>3</p>');
  });

  test('writes zero', () => {
    expect(String(html`${0}`)).toBe('0');
  });

  test('keeps trusted markup as it is', () => {
    expect(String(html`${trustedHtml('<svg/>')}`)).toBe('<svg/>');
  });

  test('an object that only looks like markup is not trusted', () => {
    const forged = { markup: '<script>' } as unknown as string;
    expect(() => html`${forged}`).toThrow(TypeError);
  });

  test('no input leaves a bracket or a quote behind', () => {
    fc.assert(fc.property(anyText(), (text) => void expect(String(html`${text}`)).not.toMatch(/[<>"']/)));
  });
});
