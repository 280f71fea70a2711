import { fail } from '../../errors.ts';
import { type RecordState, record } from '../../kinds/record.ts';
import type { Query } from '../../module/module.ts';
import { shape } from '../../module/shapes.ts';
import { OPERATOR, ownsCodes } from '../credentials.ts';
import { checkSequence, sequenceAfter } from '../tap/sequence.ts';
import {
  checkTap,
  TAP_HEAD,
  TAP_NOTIFICATION,
  TAP_ROW,
  type TapHead,
  type TapNotification,
  type TapRow,
} from '../tap/summary.ts';

type Head = TapHead | TapNotification;

/** Summaries of the TAP files of one network for another, in their order: one batch a file, one object a pair. */
export const roamingTap = record<Head, TapRow>({
  name: 'roaming.tap',
  version: '1.0.0',
  summary: { 'zh-CN': 'TAP 文件摘要', en: 'Summaries of TAP files' },
  head: { anyOf: [TAP_HEAD, TAP_NOTIFICATION] },
  item: TAP_ROW,
  batch: 1000,
  credentials: OPERATOR,
  may: {
    submit: ({ data, context }) => ownsCodes(context, [(data as { head: Head }).head.sender]),
  },
  checks: {
    submit: ({ data, state }) => {
      const { head, items } = data as { head: Head; items: readonly TapRow[] };
      checkTap(head, items);
      const last = state?.head;
      if (last && (last.sender !== head.sender || last.recipient !== head.recipient))
        throw fail('conflict', { field: '/head', extra: { rule: 'one pair of networks' } });
      checkSequence(last?.fileSequenceNumber ?? null, head.fileSequenceNumber, '/head/fileSequenceNumber');
    },
  },
  unique: ({ head, state }) => (state ? [] : [`tap|${head.sender}|${head.recipient}`]),
  queries: { next: next() },
});

function next(): Query<RecordState<Head>, Record<string, never>> {
  return {
    summary: { 'zh-CN': '各方向的下一个文件号', en: 'Number of the next file, by pair of networks' },
    schema: shape({}),
    run: ({ rows }) =>
      [...rows].flatMap(({ id, state: { head, batches } }) =>
        head
          ? [
              {
                id,
                sender: head.sender,
                recipient: head.recipient,
                files: batches,
                next: sequenceAfter(head.fileSequenceNumber),
              },
            ]
          : [],
      ),
  };
}
