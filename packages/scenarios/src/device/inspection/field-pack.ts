import type { AssetState } from '../../kinds/asset.ts';
import type { DocumentState } from '../../kinds/document.ts';
import type { RecordState } from '../../kinds/record.ts';
import type { JsonObject, Query, Row } from '../../module/module.ts';
import { integer, said, shape, text } from '../../module/shapes.ts';
import type { DeviceFacts } from '../modules/device-item.ts';
import type { TemplateBody } from '../modules/device-template.ts';

interface PackArgs {
  readonly province: string;
  readonly city?: string;
  readonly limit: number;
}

/** What an inspector's phone takes along: the province's forms, and its devices with their tag keys and places. */
export const fieldPack: Query<RecordState, PackArgs> = {
  summary: {
    'zh-CN': '巡检终端离线所需：表单、设备、标签公钥',
    en: 'What a phone needs to inspect without a network: forms, devices, keys of their tags',
  },
  schema: shape(
    {
      province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
      city: said(text(32), { 'zh-CN': '城市', en: 'City' }),
      limit: said(integer(1, 20_000), { 'zh-CN': '设备条数上限', en: 'Devices, at most' }),
    },
    ['city'],
  ),
  run: ({ args, reader, rowsOf }) => {
    const { province, city, limit } = args;
    const devices = [...(rowsOf('device.item') as Iterable<Row<AssetState<DeviceFacts>>>)].filter(
      ({ state: { facts, status } }) =>
        status !== 'retired' &&
        status !== 'unknown' &&
        facts.province === province &&
        (city === undefined || facts.city === city),
    );
    const templates = [...(rowsOf('device.template') as Iterable<Row<DocumentState<TemplateBody>>>)];
    return {
      devices: devices.slice(0, limit).map(deviceOf),
      isWhole: devices.length <= limit,
      templates: templates
        .filter(({ state }) => state.versions.at(-1)?.body.province === province)
        .flatMap((row) => templateOf(row, reader.time)),
    };
  },
};

function deviceOf({ id, state: { facts } }: Row<AssetState<DeviceFacts>>): JsonObject {
  const { vendor, serial, type, model, city, site, place, tagKey, group } = facts;
  return { id, vendor, serial, type, model, city, site, place, tagKey, group };
}

/** As old as a visit may be when it is handed in. */
const MAX_AGE_SECONDS = 14 * 86_400;

/** A template with the versions that visits may be about: each is judged by the one of its own time. */
function templateOf({ id, state }: Row<DocumentState<TemplateBody>>, now: number): readonly JsonObject[] {
  const { versions, end } = state;
  const oldest = now - MAX_AGE_SECONDS;
  const begun = versions.findLastIndex(({ from }) => from <= oldest);
  const kept = versions.slice(Math.max(begun, 0));
  if (kept.length === 0 || (end && end.from <= oldest)) return [];
  const type = kept.at(-1)?.body.type ?? '';
  const shown = kept.map(({ version, from, until, body: { form, thresholds } }) => ({
    ...{ version, from, until, form: [...form], thresholds: [...thresholds] },
  }));
  return [{ id, type, versions: shown, ends: end?.from ?? null }];
}
