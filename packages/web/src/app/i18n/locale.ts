import { LOCALES, type Locale, negotiateLocale } from '@attestel/core';
import { en, type Texts } from './en.ts';
import { zhCn } from './zh-cn.ts';

export const TEXTS: Readonly<Record<Locale, Texts>> = { en, 'zh-CN': zhCn };

const KEY = 'attestel.locale';

/** The language chosen here before, else the browser's. */
export function initialLocale(): Locale {
  const stored = readStored();
  const chosen = LOCALES.find((locale) => locale === stored);
  return chosen ?? negotiateLocale(undefined, navigator.languages.join(','));
}

/** Remembers the choice; a browser that forbids it only forgets the language. */
export function storeLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    return;
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
