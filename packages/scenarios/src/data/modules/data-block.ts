import { fail } from '../../errors.ts';
import { type AssetState, asset } from '../../kinds/asset.ts';
import type { JsonObject, Query, Row } from '../../module/module.ts';
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
  },
  queries: { trace: trace() },
});

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
