import { type GrantState, grant } from '../../kinds/grant.ts';
import type { CommandRequest, JsonObject } from '../../module/module.ts';
import { list, prose, SHA256, said, shape, text } from '../../module/shapes.ts';
import { DEPARTMENT } from '../credentials.ts';

export interface RequestScope extends JsonObject {
  readonly data: readonly string[];
  readonly purpose: string;
  readonly department: string;
}

type Request = CommandRequest<GrantState<RequestScope>, never>;

/** Whoever asks is of the department for which it asks. */
const isOfIts = ({ data, context }: Request): boolean => {
  const { scope } = data as { readonly scope: RequestScope };
  return context.holds('Department', { owner: context.party, name: scope.department }) !== undefined;
};

/** The head of the department that asks. */
const isItsHead = ({ state, context }: Request): boolean => {
  const name = state?.scope.department ?? '';
  return context.holds('Department', { owner: context.party, name, level: 'head' }) !== undefined;
};

/** The head of another one, which has the data. */
const isOtherHead = (request: Request): boolean =>
  !isItsHead(request) &&
  request.context.holds('Department', { owner: request.context.party, level: 'head' }) !== undefined;

/** Data asked for inside an organisation: the head of the department, then the one who has it; security sees all [DA-12]. */
export const dataRequest = grant<RequestScope>({
  name: 'data.request',
  version: '1',
  summary: { 'zh-CN': '内部数据申请与审批', en: 'Requests for data inside an organisation' },
  credentials: DEPARTMENT,
  delegates: {
    request: ['Department'],
    approve: ['Department'],
    decline: ['Department'],
    use: ['Department'],
  },
  scope: shape({
    data: said(list(text(64), 32, 1), { 'zh-CN': '数据', en: 'Which data' }),
    purpose: said(prose(1000), { 'zh-CN': '用途', en: 'For what' }),
    department: said(text(64), { 'zh-CN': '申请部门', en: 'Department that asks' }),
  }),
  steps: [
    {
      name: 'department',
      summary: { 'zh-CN': '部门负责人', en: 'Head of the department' },
      may: isItsHead,
    },
    {
      name: 'owner',
      summary: { 'zh-CN': '数据归口部门', en: 'Department that has the data' },
      may: isOtherHead,
    },
  ],
  may: { request: isOfIts },
  use: shape({ digest: SHA256 }),
  // Persons read for themselves: who asked, who approves, and security all of their organisation.
  readers: (state, reader) =>
    [state.asker, ...state.approvers].includes(reader.actor) ||
    reader.holds('Department', { owner: state.requester, level: 'security' }) !== undefined,
});
