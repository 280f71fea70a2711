import { said, shape } from '../../module/shapes.ts';

const degrees = (whole: string) => ({ type: 'string', pattern: `^-?${whole}(?:\\.\\d{1,6})?$` });

/** WGS 84, decimal degrees as text. */
export const PLACE = said(shape({ latitude: degrees('\\d{1,2}'), longitude: degrees('\\d{1,3}') }), {
  'zh-CN': '位置（WGS 84，十进制度）',
  en: 'Place (WGS 84, decimal degrees)',
});

export interface PlaceText {
  readonly latitude: string;
  readonly longitude: string;
}
