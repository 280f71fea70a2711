import type { Module } from '../module/module.ts';
import { DID, said, shape, text } from '../module/shapes.ts';

type Credentials = Module['credentials'];

const OWNER = said(DID, { 'zh-CN': '数据所有方', en: 'Organisation whose data it is' });

/** A person whom an organisation has put in charge of its data. Its node signs too: nothing is published by one alone. */
export const DATA_MANAGER = {
  DataManager: { schema: shape({ owner: OWNER }), trust: { by: 'claim', claim: 'owner' } },
} as const satisfies Credentials;

/** A person who may confirm for themselves at an organisation that knows them. */
export const SUBJECT = {
  DataSubject: { schema: shape({ known: OWNER }), trust: { by: 'claim', claim: 'known' } },
} as const satisfies Credentials;

/** Somebody of a department; `security` reads every request. */
export const DEPARTMENT = {
  Department: {
    schema: shape({
      owner: OWNER,
      name: text(64),
      level: { type: 'string', enum: ['staff', 'head', 'security'] },
    }),
    trust: { by: 'claim', claim: 'owner' },
  },
} as const satisfies Credentials;
