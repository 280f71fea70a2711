const en = {
  title: 'Shanhai Forum',
  lead: 'Talk freely, as one person. Every member has one real line and one invented name.',
  signIn: 'Sign in with your number',
  signInNote: 'The forum never learns your number, nor your name.',
  signOut: 'Sign out',
  other: '中文',
  otherLang: 'zh-CN',
  hello: 'Here you are',
  steady: 'SIM unchanged for 30 days',
  recent: 'SIM changed in the last 30 days',
  unknown: 'SIM history not shared',
  device: 'This phone since {date}',
  devicePending: 'A new phone was linked and can still be refused',
  write: 'Your post',
  post: 'Post',
  posts: 'Latest posts',
  back: 'Back to the forum',
  retry: 'Try again',
  fiction: 'A demo. The forum and its members are invented.',
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
    other: {
      title: 'That did not work',
      advice: 'It may have taken too long or been opened in another browser. Start again from here.',
    },
  },
};

const zh = {
  title: '山海论坛',
  lead: '畅所欲言，一人一号。每位成员都有一个真实的号码和一个虚构的名字。',
  signIn: '用手机号登录',
  signInNote: '论坛不会知道您的号码，也不会知道您是谁。',
  signOut: '退出登录',
  other: 'English',
  otherLang: 'en',
  hello: '您在这里叫',
  steady: '30 天内未换卡',
  recent: '30 天内换过卡',
  unknown: '未提供换卡信息',
  device: '自 {date} 起使用此手机',
  devicePending: '刚绑定新手机，仍可撤销',
  write: '说点什么',
  post: '发布',
  posts: '最新帖子',
  back: '返回论坛',
  retry: '再试一次',
  fiction: '演示应用，论坛与成员均为虚构。',
  notFound: { title: '没有这个页面', advice: '您访问的页面不存在。' },
  errors: {
    access_denied: {
      title: '没有登录',
      advice: '登录被拒绝：可能是您取消了，也可能是您的号码凭证暂时不能使用。没有任何信息提供给我们。',
    },
    login_required: { title: '请重新登录', advice: '登录已结束，请再登录一次，只需几秒。' },
    unreachable: { title: '登录服务没有响应', advice: '这不是您的问题，请稍后再试。' },
    other: { title: '没有成功', advice: '可能耗时过长，或在另一个浏览器中打开。请从这里重新开始。' },
  },
};

export const texts = { en, 'zh-CN': zh };

/** `?lang=`, then the cookie, then what the browser prefers. */
export function language(query, cookies = '', accept = '') {
  const chosen = [query, /(?:^|;\s*)forum_lang=([\w-]+)/.exec(cookies)?.[1]];
  return (
    chosen.find((lang) => Object.hasOwn(texts, lang ?? '')) ?? (/^\s*zh\b/i.test(accept) ? 'zh-CN' : 'en')
  );
}
