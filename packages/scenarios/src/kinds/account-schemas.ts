import { AMOUNT } from '../decimal/decimal.ts';
import type { JsonObject } from '../module/module.ts';
import { DID, list, nullable, OBJECT_ID, prose, said, shape, text } from '../module/shapes.ts';
import type { AccountOf } from './account.ts';

export type OpenAccount = {
  readonly holder: string;
  readonly overdraft?: string | null;
  readonly parties?: readonly string[];
};

export type MoveData = {
  readonly to: string;
  readonly amount: string;
  readonly reference?: string;
  readonly what?: JsonObject;
};

const TO = said(OBJECT_ID, { 'zh-CN': '对方账户', en: 'The other account' });
const SUM = said(AMOUNT, { 'zh-CN': '数额，十进制', en: 'Amount, decimal' });
const REFERENCE = said(text(140), { 'zh-CN': '附言或单据号', en: 'Reference' });
const REASON = said(prose(2000), { 'zh-CN': '理由', en: 'Reason' });

export function accountSchemas<P extends JsonObject>({ posting, redemption, unit }: AccountOf<P>) {
  const holder = said(DID, {
    'zh-CN': '户主：机构，或经开户方操作的个人、设备',
    en: 'Holder: an organisation, or a person or device that acts through who opens the account',
  });
  const overdraft = said(nullable(AMOUNT), {
    'zh-CN': '可透支额；缺省为零，null 为不限',
    en: 'How far below zero it may go; absent: not at all; null: without limit',
  });
  const parties = said(list(DID, 15), {
    'zh-CN': '参与的机构，户主为机构时包括户主',
    en: 'Organisations that take part; the holder among them where it is one',
  });
  const move = { to: TO, amount: SUM, reference: REFERENCE };
  const reason = shape({ reason: REASON }, ['reason']);
  return {
    open: {
      summary: { 'zh-CN': `开立${unit}账户`, en: `Opens an account of ${unit}` },
      schema: shape({ holder, overdraft, parties }, ['overdraft', 'parties']),
    },
    freeze: { summary: { 'zh-CN': '冻结', en: 'Freezes it' }, schema: reason },
    unfreeze: { summary: { 'zh-CN': '解冻', en: 'Opens it again' }, schema: reason },
    close: { summary: { 'zh-CN': '销户，余额须为零', en: 'Closes it; its balance is zero' }, schema: reason },
    statement: {
      summary: { 'zh-CN': '出账', en: 'States what happened since the last statement' },
      schema: shape({}),
    },
    post: { summary: { 'zh-CN': '按规则记账', en: 'Books what follows by rule' }, schema: posting.schema },
    transfer: {
      summary: { 'zh-CN': '转账', en: 'Moves an amount to another account' },
      schema: shape(move, ['reference']),
    },
    redeem: {
      summary: { 'zh-CN': '兑换', en: 'Gives an amount back for something' },
      schema: redemption ? shape({ ...move, what: redemption }, ['reference']) : shape(move, ['reference']),
    },
    pay: {
      summary: { 'zh-CN': '付款，注明单据', en: 'Pays what the reference names' },
      schema: shape(move),
    },
  };
}
