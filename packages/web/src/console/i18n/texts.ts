import type { Locale } from '@attestel/core';
import { en, type Texts } from './en.ts';
import { zhCn } from './zh-cn.ts';

export const TEXTS: Readonly<Record<Locale, Texts>> = { en, 'zh-CN': zhCn };
