import { fillText, type Locale } from '@attestel/core';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export type TextKey = keyof typeof en;
export type Catalogue = { readonly [Key in TextKey]: string };

const catalogues: Readonly<Record<Locale, Catalogue>> = { en, 'zh-CN': zhCn };

/** A text of one language, its placeholders filled. */
export type Texts = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export const textsOf =
  (locale: Locale): Texts =>
  (key, values = {}) =>
    fillText(catalogues[locale][key], values);

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key);
