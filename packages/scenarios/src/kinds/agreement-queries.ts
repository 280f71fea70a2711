import { instantOf } from '../module/instant.ts';
import type { JsonObject, Query } from '../module/module.ts';
import { INSTANT, shape } from '../module/shapes.ts';
import type { AgreementState, Body } from './agreement.ts';
import { inForce } from './effect.ts';

/** The text that binds the parties at that time. */
export function agreedAt<T>({ agreed, end }: AgreementState<T>, at: number): Body<T> | undefined {
  return end && end.from <= at ? undefined : inForce(agreed, at);
}

export function agreementQueries<T>(): { readonly [name: string]: Query<AgreementState<T>, never> } {
  const inForceAt: Query<AgreementState<T>, { readonly at: string }> = {
    summary: { 'zh-CN': '某时有效的协议文本', en: 'Texts in force at a time' },
    schema: shape({ at: INSTANT }),
    paged: true,
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      return [...rows].flatMap(({ id, state }) => {
        const body = agreedAt(state, at);
        return body ? [{ id, parties: state.parties, ...withoutSignatures(body) }] : [];
      });
    },
  };
  const toSign: Query<AgreementState<T>, JsonObject> = {
    summary: { 'zh-CN': '等待本方签署的文本', en: 'Texts that wait for the reader to sign' },
    schema: shape({}),
    paged: true,
    run: ({ rows, reader }) =>
      [...rows].flatMap(({ id, state }) => {
        const { pending, parties } = state;
        const waits = pending && parties.includes(reader.party) && !hasSigned(pending, reader.party);
        return waits ? [{ id, parties, ...withoutSignatures(pending) }] : [];
      }),
  };
  return { inForce: inForceAt, toSign };
}

const hasSigned = <T>({ signed }: Body<T>, party: string): boolean =>
  signed.some((signature) => signature.party === party);

const withoutSignatures = <T>({ signed: _, ...body }: Body<T>): JsonObject => body as unknown as JsonObject;
