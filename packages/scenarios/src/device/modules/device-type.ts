import { document } from '../../kinds/document.ts';
import type { JsonObject } from '../../module/module.ts';
import { integer, list, oneOf, said, shape, text } from '../../module/shapes.ts';
import { GROUP_UNIT } from '../credentials.ts';

/** What contains what: a device contains boards, a board contains optics. */
export const LEVELS = ['device', 'board', 'optic'] as const;
export type Level = (typeof LEVELS)[number];

const BILINGUAL = shape({ 'zh-CN': text(100), en: text(100) });

export interface DeviceTypeBody extends JsonObject {
  readonly code: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  readonly category: string;
  readonly level: Level;
  readonly slots: readonly { readonly prefix: string; readonly level: Level; readonly count: number }[];
}

/** One structure for lines, support equipment, base stations and ancillaries [EQ-1]. */
export const deviceType = document<DeviceTypeBody>({
  name: 'device.type',
  version: '1',
  execution: ['private', 'shared'],
  summary: {
    'zh-CN': '设备类型：集团统一发布',
    en: 'Types of devices, one structure for all; the group publishes',
  },
  credentials: GROUP_UNIT,
  body: shape({
    code: said(text(32), { 'zh-CN': '类型代码', en: 'Code of the type' }),
    name: said(BILINGUAL, { 'zh-CN': '名称', en: 'Name' }),
    category: said(oneOf('line', 'support', 'base-station', 'ancillary', 'instrument', 'production'), {
      'zh-CN': '大类：线路、配套、基站、附属、仪表、生产设备',
      en: 'Category',
    }),
    level: said(oneOf(...LEVELS), { 'zh-CN': '层级', en: 'Level' }),
    slots: said(list(shape({ prefix: text(32), level: oneOf(...LEVELS), count: integer(1, 1000) }), 16), {
      'zh-CN': '槽位',
      en: 'Slots that it has',
    }),
  }),
  unique: ({ code }) => [code],
  may: { publish: ({ context }) => context.holds('GroupUnit') !== undefined },
});
