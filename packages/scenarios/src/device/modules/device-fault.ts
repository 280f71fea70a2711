import { fail } from '../../errors.ts';
import type { AssetState } from '../../kinds/asset.ts';
import { type CaseState, caseOf } from '../../kinds/case.ts';
import type { RecordState } from '../../kinds/record.ts';
import type { CommandRequest, Context, JsonObject } from '../../module/module.ts';
import { OBJECT_ID, oneOf, prose, said, shape } from '../../module/shapes.ts';
import { FIELD_WORK, PROVINCE_UNIT } from '../credentials.ts';
import type { DeviceFacts } from './device-item.ts';

/** ITU-T X.733 §8.1.2.3, without `cleared`, which is a closed case. */
export const SEVERITIES = ['critical', 'major', 'minor', 'warning', 'indeterminate'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface FaultFacts extends JsonObject {
  readonly device: string;
  readonly severity: Severity;
  readonly text: string;
}

const HOUR = 3600;
const WITHIN: Readonly<Record<Severity, number>> = {
  critical: 4 * HOUR,
  major: 24 * HOUR,
  minor: 72 * HOUR,
  warning: 168 * HOUR,
  indeterminate: 72 * HOUR,
};

type Request = CommandRequest<CaseState<FaultFacts>, never>;

/** A fault with its work order: opened, assigned, mended; closed by a visit that found nothing [EQ-6]. */
export const deviceFault = caseOf<FaultFacts>({
  name: 'device.fault',
  version: '1',
  summary: { 'zh-CN': '故障与工单', en: 'Faults and their work orders' },
  credentials: { ...PROVINCE_UNIT, ...FIELD_WORK },
  delegates: { open: ['Inspector', 'Sensor'] },
  facts: shape({
    device: said(OBJECT_ID, { 'zh-CN': '设备', en: 'Device' }),
    severity: said(oneOf(...SEVERITIES), { 'zh-CN': '级别（X.733）', en: 'Severity (X.733)' }),
    text: said(prose(2000), { 'zh-CN': '现象', en: 'What is wrong' }),
  }),
  categories: {
    fault: { summary: { 'zh-CN': '故障', en: 'Fault' } },
    risk: { summary: { 'zh-CN': '隐患', en: 'Risk' } },
  },
  indexes: { device: ({ facts }) => facts.device },
  sla: ({ facts }) => WITHIN[facts.severity],
  told: ({ facts, context }) => {
    const device = context.read('device.item', facts.device) as AssetState<DeviceFacts> | undefined;
    return device ? [device.facts.group] : [];
  },
  reads: {
    open: ({ data }: { data: { facts: FaultFacts } }) => [{ module: 'device.item', id: data.facts.device }],
    close: ({ data }: { data: Closing }) =>
      (data.evidence ?? []).filter(({ module }) => module === 'device.inspection'),
  },
  may: {
    open: ({ data, context }: { data: { facts: FaultFacts }; context: Context }) => {
      const device = context.read('device.item', data.facts.device) as AssetState<DeviceFacts> | undefined;
      if (!device) throw fail('not_found', { field: '/facts/device' });
      const { province } = device.facts;
      return ['ProvinceUnit', 'Inspector', 'Sensor'].some(
        (type) => context.holds(type, { province }) !== undefined,
      );
    },
  },
  checks: {
    close: (request: Request) => {
      if (!passedSince(request))
        throw fail('conflict', { field: '/evidence', extra: { rule: 'passing inspection' } });
    },
  },
});

interface Closing {
  readonly evidence?: readonly { readonly module: string; readonly id: string }[];
}

/** Whether an inspection named as evidence found the device without a flag after it was mended. */
function passedSince({ state, data, context }: Request): boolean {
  const { evidence = [] } = data as Closing;
  const [since, device] = [state?.resolved ?? null, state?.facts.device];
  if (since === null) return false;
  return evidence
    .filter(({ module }) => module === 'device.inspection')
    .flatMap(({ module, id }) => {
      const read = context.read(module, id) as RecordState | undefined;
      return (read?.summary?.visits ?? []) as unknown as readonly VisitSum[];
    })
    .some((visit) => visit.device === device && visit.time >= since && visit.flags.length === 0);
}

interface VisitSum {
  readonly device: string;
  readonly time: number;
  readonly flags: readonly string[];
}
