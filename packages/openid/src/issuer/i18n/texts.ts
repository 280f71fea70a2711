import type { Locale } from '@attestel/core';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export type Texts = typeof en;

/** All texts people see, in one language. */
export const texts = (locale: Locale): Texts => (locale === 'zh-CN' ? zhCn : en);
