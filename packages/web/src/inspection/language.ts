import type { Locale } from '@attestel/core';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from './i18n/en.ts';

export interface Language {
  readonly locale: Locale;
  readonly t: Texts;
}

export const LanguageContext = createContext<Language>({ locale: 'en', t: en });

export const useLanguage = (): Language => useContext(LanguageContext);
