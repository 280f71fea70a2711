/** Parts of invented names. Any likeness to a person is chance. */
export const SURNAMES: readonly (readonly [zh: string, en: string])[] = [
  ['云', 'Yun'],
  ['苏', 'Su'],
  ['陆', 'Lu'],
  ['温', 'Wen'],
  ['江', 'Jiang'],
  ['纪', 'Ji'],
  ['秦', 'Qin'],
  ['沈', 'Shen'],
  ['顾', 'Gu'],
  ['白', 'Bai'],
  ['乔', 'Qiao'],
  ['叶', 'Ye'],
];

export const GIVEN_NAMES: readonly (readonly [zh: string, en: string])[] = [
  ['清越', 'Qingyue'],
  ['望舒', 'Wangshu'],
  ['知夏', 'Zhixia'],
  ['南星', 'Nanxing'],
  ['疏桐', 'Shutong'],
  ['听澜', 'Tinglan'],
  ['景行', 'Jingxing'],
  ['若谷', 'Ruogu'],
  ['予安', "Yu'an"],
  ['棠溪', 'Tangxi'],
  ['星野', 'Xingye'],
  ['怀瑾', 'Huaijin'],
];
