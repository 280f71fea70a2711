import { createHash } from 'node:crypto';

const ADJECTIVES = [
  ['Quiet', '安静的'],
  ['Amber', '琥珀色的'],
  ['Early', '早起的'],
  ['Patient', '耐心的'],
  ['Wandering', '漫游的'],
  ['Bright', '明亮的'],
  ['Gentle', '温和的'],
  ['Northern', '北方的'],
  ['Silver', '银色的'],
  ['Curious', '好奇的'],
  ['Steady', '沉稳的'],
  ['Distant', '远方的'],
  ['Merry', '快活的'],
  ['Autumn', '秋日的'],
  ['Humble', '谦逊的'],
  ['Swift', '敏捷的'],
];
const NOUNS = [
  ['Heron', '苍鹭'],
  ['Pine', '松树'],
  ['Otter', '水獭'],
  ['Comet', '彗星'],
  ['Crane', '仙鹤'],
  ['Willow', '柳树'],
  ['Fox', '狐狸'],
  ['Harbour', '港湾'],
  ['Lantern', '灯笼'],
  ['Magpie', '喜鹊'],
  ['River', '江河'],
  ['Tortoise', '乌龟'],
  ['Bamboo', '竹子'],
  ['Whale', '鲸鱼'],
  ['Sparrow', '麻雀'],
  ['Summit', '山峰'],
];

/** The same person always gets the same name and picture here, and the name says nothing about them. */
export function pseudonym(sub, lang) {
  const digest = createHash('sha256').update(`forum pseudonym ${sub}`).digest();
  const pick = (list, at) => list[digest[at] % list.length][lang === 'zh-CN' ? 1 : 0];
  const number = 100 + (digest.readUInt16BE(2) % 900);
  const words = [pick(ADJECTIVES, 0), pick(NOUNS, 1)];
  return {
    name: `${words.join(lang === 'zh-CN' ? '' : ' ')} ${number}`,
    avatar: avatar(digest),
  };
}

/** A symmetric pattern of 5 × 5 fields. */
function avatar(digest) {
  const hue = Math.round((digest[4] / 256) * 360);
  const fields = [];
  for (let i = 0; i < 15; i++) {
    if (digest[5 + i] % 2 === 0) continue;
    const [x, y] = [i % 3, Math.floor(i / 3)];
    for (const column of new Set([x, 4 - x])) fields.push(`M${column + 0.5} ${y + 0.5}h1v1h-1z`);
  }
  return `<svg class="avatar" viewBox="0 0 6 6" width="44" height="44" aria-hidden="true"><rect width="6" height="6" rx="1.4" fill="hsl(${hue} 45% 88%)"/><path d="${fields.join('')}" fill="hsl(${hue} 55% 38%)"/></svg>`;
}
