const KEEP = 30;
const LONGEST = 280;

/** The last posts, in memory. */
export function createPosts() {
  const posts = [
    { author: 'harbour', text: { en: 'Best noodles near the north gate?', 'zh-CN': '北门附近哪家面好吃？' } },
    {
      author: 'lantern',
      text: { en: 'The one with the red door, no question.', 'zh-CN': '红门那家，不用问。' },
    },
  ];
  return {
    add(author, text) {
      const trimmed = text.trim().slice(0, LONGEST);
      if (trimmed === '') return;
      posts.unshift({ author, text: { en: trimmed, 'zh-CN': trimmed } });
      posts.length = Math.min(posts.length, KEEP);
    },
    latest: () => posts,
  };
}
