const en = {
  htmlLang: 'en',
  title: 'Qinghe Shop',
  tagline: 'Tea, straight from the hills',
  lead: 'Four small harvests, picked this spring. Sign in to have them sent to you.',
  leadCustomer: 'Good to see you. Four small harvests, picked this spring.',
  signIn: 'Sign in with your number',
  signInNote: 'No password, no text message. You decide whether we see the number.',
  signOut: 'Sign out',
  other: '中文',
  otherLang: 'zh-CN',
  customer: 'You are signed in',
  account: 'Customer no.',
  accountNote: 'Made for this shop only. No other shop knows you by it.',
  phone: 'Delivery phone',
  noPhone: 'Not shared. We will ask for one when you order.',
  teas: [
    ['Cloud mist', 'green, Lushan', '¥68'],
    ['Iron goddess', 'oolong, Anxi', '¥92'],
    ['White peony', 'white, Fuding', '¥118'],
    ['Old tree', "pu'er, Yiwu", '¥156'],
  ],
  back: 'Back to the shop',
  retry: 'Try again',
  fiction: 'A demo. The shop and its teas are invented.',
  notFound: { title: 'Nothing here', advice: 'This page does not exist.' },
  errors: {
    access_denied: {
      title: 'You did not sign in',
      advice:
        'The sign-in was refused, by you or because your phone card cannot be used. Nothing was shared with us.',
    },
    login_required: {
      title: 'Please sign in again',
      advice: 'Your sign-in has ended. Start it once more, it takes a few seconds.',
    },
    unreachable: {
      title: 'The sign-in service does not answer',
      advice: 'This is not your fault. Wait a moment and try again.',
    },
    temporarily_unavailable: {
      title: 'The sign-in service is busy',
      advice: 'Wait a moment and try again.',
    },
    other: {
      title: 'The sign-in did not work',
      advice: 'It may have taken too long or been opened in another browser. Start it again from here.',
    },
  },
};

const zh = {
  htmlLang: 'zh-CN',
  title: '青禾商店',
  tagline: '山间好茶，直达您手',
  lead: '今春四款小批采摘的茶。登录后即可下单寄送。',
  leadCustomer: '欢迎光临。今春四款小批采摘的茶。',
  signIn: '用手机号登录',
  signInNote: '不用密码，不收短信。是否让我们看到号码，由您决定。',
  signOut: '退出登录',
  other: 'English',
  otherLang: 'en',
  customer: '您已登录',
  account: '顾客编号',
  accountNote: '只为本店生成，其他商店无法凭它认出您。',
  phone: '送货电话',
  noPhone: '未提供，下单时再向您询问。',
  teas: [
    ['云雾', '绿茶 · 庐山', '¥68'],
    ['铁观音', '乌龙 · 安溪', '¥92'],
    ['白牡丹', '白茶 · 福鼎', '¥118'],
    ['古树', '普洱 · 易武', '¥156'],
  ],
  back: '返回商店',
  retry: '再试一次',
  fiction: '演示应用，商店与商品均为虚构。',
  notFound: { title: '没有这个页面', advice: '您访问的页面不存在。' },
  errors: {
    access_denied: {
      title: '没有登录',
      advice: '登录被拒绝：可能是您取消了，也可能是您的号码凭证暂时不能使用。没有任何信息提供给我们。',
    },
    login_required: { title: '请重新登录', advice: '登录已结束，请再登录一次，只需几秒。' },
    unreachable: { title: '登录服务没有响应', advice: '这不是您的问题，请稍后再试。' },
    temporarily_unavailable: { title: '登录服务繁忙', advice: '请稍后再试。' },
    other: { title: '登录没有成功', advice: '可能耗时过长，或在另一个浏览器中打开。请从这里重新开始。' },
  },
};

export const texts = { en, 'zh-CN': zh };

/** `?lang=`, then the cookie, then what the browser prefers. */
export function language(query, cookies = '', accept = '') {
  const chosen = [query, /(?:^|;\s*)shop_lang=([\w-]+)/.exec(cookies)?.[1]].find((lang) =>
    Object.hasOwn(texts, lang ?? ''),
  );
  return chosen ?? (/^\s*zh\b/i.test(accept) ? 'zh-CN' : 'en');
}
