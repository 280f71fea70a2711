import { walletErrors } from '@attestel/openid/wallet';
import { describe, expect, it } from 'vitest';
import { en } from '../src/app/i18n/en.ts';
import { zhCn } from '../src/app/i18n/zh-cn.ts';
import { en as consoleEn } from '../src/console/i18n/en.ts';
import { zhCn as consoleZhCn } from '../src/console/i18n/zh-cn.ts';
import { en as inspectionEn } from '../src/inspection/i18n/en.ts';
import { zhCn as inspectionZhCn } from '../src/inspection/i18n/zh-cn.ts';
import { en as installerEn } from '../src/installer/i18n/en.ts';
import { zhCn as installerZhCn } from '../src/installer/i18n/zh-cn.ts';

/** Path of each text, with the placeholders it has. */
function placeholders(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, (value.match(/\{\w+\}/g) ?? []).sort().join()]];
  return Object.entries(value as object).flatMap(([key, inner]) => placeholders(inner, `${path}.${key}`));
}

describe('the catalogues', () => {
  it('have the same texts with the same placeholders', () => {
    expect(placeholders(zhCn)).toEqual(placeholders(en));
    expect(placeholders(installerZhCn)).toEqual(placeholders(installerEn));
    expect(placeholders(inspectionZhCn)).toEqual(placeholders(inspectionEn));
    expect(placeholders(consoleZhCn)).toEqual(placeholders(consoleEn));
  });

  it('have a text for each way the engine refuses', () => {
    expect(Object.keys(en.errors).sort()).toEqual([...Object.keys(walletErrors), 'unknown'].sort());
  });

  it('leave no text empty', () => {
    for (const texts of [
      en,
      zhCn,
      installerEn,
      installerZhCn,
      inspectionEn,
      inspectionZhCn,
      consoleEn,
      consoleZhCn,
    ])
      expect(JSON.stringify(texts)).not.toContain('""');
  });
});
