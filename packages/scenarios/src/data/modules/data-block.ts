import { fail } from '../../errors.ts';
import { type AssetState, asset } from '../../kinds/asset.ts';
import type { CommandRequest, JsonObject, Query, Row } from '../../module/module.ts';
import { DID, nullable, OBJECT_ID, prose, SHA256, said, shape, text } from '../../module/shapes.ts';
import { DATA_MANAGER } from '../credentials.ts';

export interface BlockFacts extends JsonObject {
  /** Who brought it in, and is told of every hop. */
  readonly origin: string;
  readonly description: string;
  /** SHA-256 of the block, hex. */
  readonly digest: string;
  /** Digest of the key of its marks; the key stays with its owner. */
  readonly watermark: string | null;
  readonly derivedFrom: string | null;
  readonly right: string;
}

type Block = AssetState<BlockFacts>;

/** A block of data on its way: each hop is handed over by one holder and confirmed by the next [DA-11]. */
export const dataBlock = asset<BlockFacts>({
  name: 'data.block',
  version: '1',
  summary: { 'zh-CN': '数据块流转与溯源', en: 'Blocks of data, and the way they went' },
  credentials: DATA_MANAGER,
  facts: shape({
    origin: said(DID, {
      'zh-CN': '来源方，知悉每一次流转',
      en: 'Who brought it in, and is told of every hop',
    }),
    description: said(prose(2000), { 'zh-CN': '描述', en: 'What it is' }),
    digest: said(SHA256, { 'zh-CN': '数据块摘要', en: 'Digest of the block' }),
    watermark: said(nullable(SHA256), { 'zh-CN': '水印密钥摘要', en: 'Digest of the key of its marks' }),
    derivedFrom: said(nullable(OBJECT_ID), { 'zh-CN': '来源数据块', en: 'Block that it was made from' }),
    right: said(text(200), { 'zh-CN': '权利', en: 'Right' }),
  }),
  initial: 'held',
  table: { held: ['held', 'retired'], retired: [] },
  unique: ({ digest }) => [digest],
  told: ({ origin }) => [origin],
  check: ({ facts, context, state }) => {
    if (facts.origin !== (state?.facts.origin ?? context.party))
      throw fail('out_of_range', { field: '/facts/origin' });
    // Where a block comes from, and whose marks it has, is no later holder's to say otherwise.
    for (const fact of ['derivedFrom', 'watermark'] as const)
      if (state && state.facts[fact] !== facts[fact]) throw fail('conflict', { field: `/facts/${fact}` });
  },
  reads: {
    register: ({ data }: { data: { facts: BlockFacts } }) =>
      data.facts.derivedFrom === null ? [] : [{ module: 'data.block', id: data.facts.derivedFrom }],
  },
  checks: { register: madeFromItsOwn },
  queries: { trace: trace() },
});

/** Nobody makes something from a block that it does not hold. */
function madeFromItsOwn({ data, context }: CommandRequest<Block, never>): void {
  const { derivedFrom } = (data as { readonly facts: BlockFacts }).facts;
  if (derivedFrom === null) return;
  const source = context.read('data.block', derivedFrom) as Block | undefined;
  if (source?.custodian !== context.party) throw fail('permission_denied', { field: '/facts/derivedFrom' });
}

function trace(): Query<Block, { readonly id: string }> {
  return {
    summary: { 'zh-CN': '数据块的完整路径', en: 'The whole way of a block, and what it was made from' },
    schema: shape({ id: OBJECT_ID }),
    run: ({ rows, args }) => {
      const known = new Map([...rows].map((row) => [row.id, row]));
      const way: JsonObject[] = [];
      // What a block is made from was there before it, so this ends; a party may lack the earlier ones.
      for (let at = known.get(args.id); at; at = known.get(at.state.facts.derivedFrom ?? ''))
        way.push(hopsOf(at));
      return way;
    },
  };
}

const hopsOf = ({ id, state }: Row<Block>): JsonObject => ({
  id,
  digest: state.facts.digest,
  derivedFrom: state.facts.derivedFrom,
  hops: state.steps.map(({ custodian, time }) => ({ holder: custodian, time })),
});
