import type { JsonValue } from '@attestel/core';
import type { AssetState, AssetStep } from '../../kinds/asset.ts';
import type { CaseState } from '../../kinds/case.ts';
import type { DocumentState } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import type { RecordState } from '../../kinds/record.ts';
import type { Row } from '../../module/module.ts';
import { firstKept, flagsAcross, joined, visitsOf } from '../inspection/flags-across.ts';
import type { FaultFacts } from '../modules/device-fault.ts';
import type { DeviceFacts } from '../modules/device-item.ts';
import type { PlanBody } from '../modules/device-model.ts';
import type { TemplateBody } from '../modules/device-template.ts';
import type { DeviceFact, Facts, FaultFact, InspectionFact, Interval, PlanFact } from './facts.ts';

const DAY = 86_400;

/** Everything that boards are made from, out of the objects of the channel's modules. */
export interface Sources {
  readonly items: Iterable<Row<AssetState<DeviceFacts>>>;
  rowsOf(module: string): Iterable<Row<JsonValue>>;
  readonly period: { readonly from: number; readonly until: number };
  /** Status that counts as in service. */
  readonly inService: string;
}

export function collectFacts({ items, rowsOf, period, inService }: Sources): Facts {
  const devices = [...items].filter(({ state }) => state.facts.level === 'device');
  const rows = <S>(module: string): readonly S[] => [...rowsOf(module)].map(({ state }) => state as S);
  return {
    devices: devices.map(({ id, state }) => deviceFact(id, state, inService)),
    inspections: inspectionsIn(rowsOf),
    faults: rows<CaseState<FaultFacts>>('device.fault').flatMap(faultOf),
    plan: plannedVisits(devices, {
      period,
      plans: rows<DocumentState<PlanBody>>('device.plan'),
      templates: rows<DocumentState<TemplateBody>>('device.template'),
    }),
  };
}

function deviceFact(id: string, { facts, steps }: AssetState<DeviceFacts>, inService: string): DeviceFact {
  const { province, city, type, vendor, batch } = facts;
  return { id, province, city, type, vendor, batch, inService: intervals(steps, inService) };
}

/** Each span from a step into that status to the next step. */
const intervals = (steps: readonly AssetStep[], status: string): readonly Interval[] =>
  steps.flatMap((step, i) =>
    step.status === status ? [{ from: step.time, until: steps[i + 1]?.time ?? null }] : [],
  );

function inspectionsIn(rowsOf: Sources['rowsOf']): readonly InspectionFact[] {
  const records = [...rowsOf('device.inspection')] as unknown as readonly Row<RecordState>[];
  const across = flagsAcross(records, rowsOf('device.fault'));
  return records.flatMap(({ id, state }) => {
    const [more, first] = [across.get(id), firstKept(state)];
    return visitsOf(state).visits.map(({ device, time, flags }, i) => ({
      ...{ device, time, flags: joined(flags, more?.get(first + i)) },
      // What does not follow the template in force was refused and is no record.
      accepted: true,
    }));
  });
}

const faultOf = ({
  facts,
  begun,
  closed,
  due,
  category,
  status,
}: CaseState<FaultFacts>): readonly FaultFact[] =>
  category === 'fault' && status !== 'cancelled' && status !== 'unknown'
    ? [
        {
          device: facts.device,
          opened: begun,
          closed: status === 'closed' ? closed : null,
          within: (due ?? begun) - begun,
        },
      ]
    : [];

interface Planning {
  readonly period: { readonly from: number; readonly until: number };
  readonly plans: readonly DocumentState<PlanBody>[];
  readonly templates: readonly DocumentState<TemplateBody>[];
}

/** Whole intervals that fit the period, by what is in force at its end: the plan of the device, else the template of its type. */
function plannedVisits(
  devices: readonly Row<AssetState<DeviceFacts>>[],
  { period, plans, templates }: Planning,
): readonly PlanFact[] {
  const planned = new Map<string, number>();
  for (const plan of plans) {
    for (const { device, days } of versionAt(plan, period.until - 1)?.body.intervals ?? [])
      planned.set(device, days);
  }
  const usual = new Map<string, number>();
  for (const template of templates) {
    const body = versionAt(template, period.until - 1)?.body;
    if (body) usual.set(`${body.province}|${body.type}`, body.intervalDays);
  }
  return devices.flatMap(({ id, state }) => {
    const days = planned.get(id) ?? usual.get(`${state.facts.province}|${state.facts.type}`);
    return days === undefined
      ? []
      : [{ device: id, visits: Math.floor((period.until - period.from) / (days * DAY)) }];
  });
}
