import type { JsonObject } from '../module/module.ts';
import { DID, OBJECT_ID, oneOf, prose, said, shape, text } from '../module/shapes.ts';
import type { AssetOf } from './asset.ts';

export type RegisterData<F> = { readonly facts: F };
export type AttachData = { readonly parent: string; readonly slot: string; readonly reason?: string };

const REASON = said(prose(2000), { 'zh-CN': '原因', en: 'Reason' });

export function assetSchemas<F extends JsonObject>({ facts, table }: AssetOf<F>) {
  const to = said(oneOf(...Object.keys(table)), { 'zh-CN': '新状态', en: 'The next status' });
  return {
    register: {
      summary: { 'zh-CN': '登记', en: 'Registers an asset' },
      schema: shape({ facts }),
    },
    update: { summary: { 'zh-CN': '更新资料', en: 'Replaces its facts' }, schema: shape({ facts }) },
    transition: {
      summary: { 'zh-CN': '按状态表变更', en: 'Moves it on by the table' },
      schema: shape({ to, reason: REASON }, ['reason']),
    },
    retire: {
      summary: { 'zh-CN': '退役', en: 'Retires it' },
      schema: shape({ reason: REASON }, ['reason']),
    },
  };
}

export const custodySchemas = {
  transfer: {
    summary: { 'zh-CN': '移交', en: 'Hands it over; counts once received' },
    schema: shape({ to: said(DID, { 'zh-CN': '接收方', en: 'Receiver' }), reason: REASON }, ['reason']),
  },
  receive: { summary: { 'zh-CN': '确认接收', en: 'Confirms the hand-over' }, schema: shape({}) },
  decline: {
    summary: { 'zh-CN': '拒收，或取消移交', en: 'Declines the hand-over, or takes it back' },
    schema: shape({ reason: REASON }, ['reason']),
  },
};

const PARENT = said(OBJECT_ID, { 'zh-CN': '上级资产', en: 'The asset that takes it' });
const SLOT = said(text(64), { 'zh-CN': '槽位', en: 'Slot' });

export const containmentSchemas = {
  attach: {
    summary: { 'zh-CN': '装入槽位', en: 'Puts it into a slot of another asset' },
    schema: shape({ parent: PARENT, slot: SLOT, reason: REASON }, ['reason']),
  },
  detach: {
    summary: { 'zh-CN': '从槽位取出', en: 'Takes it out of its slot' },
    schema: shape({ reason: REASON }, ['reason']),
  },
};
