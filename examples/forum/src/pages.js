import { pseudonym } from './pseudonym.js';
import { texts } from './texts.js';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);

export function forumPage({ lang, user, posts }) {
  const t = texts[lang];
  return layout(
    lang,
    t.title,
    `<section class="welcome">
  <h1>${t.title}</h1>
  <p class="lead">${t.lead}</p>
  ${user ? memberCard(t, lang, user) : signIn(t)}
</section>
<section aria-labelledby="latest">
  <h2 id="latest">${t.posts}</h2>
  <ol class="posts">${posts.map((post) => entry(lang, post)).join('')}</ol>
</section>`,
  );
}

const signIn = (t) => `<p><a class="button" id="sign-in" href="/login">${t.signIn}</a></p>
  <p class="note">${t.signInNote}</p>`;

function memberCard(t, lang, user) {
  const { name, avatar } = pseudonym(user.sub, lang);
  return `<div class="card" id="member">
  <div class="who">${avatar}<p><span class="note">${t.hello}</span><br><strong id="name" title="${escapeText(user.sub)}">${name}</strong></p><form method="post" action="/logout"><button class="button quiet" id="sign-out" type="submit">${t.signOut}</button></form></div>
  <ul class="badges">${badges(t, lang, user)}</ul>
  <form method="post" action="/posts">
    <label for="text">${t.write}</label>
    <textarea id="text" name="text" rows="2" maxlength="280" required></textarea>
    <button class="button" type="submit">${t.post}</button>
  </form>
</div>`;
}

function badges(t, lang, { simUnchanged, deviceSince, devicePending }) {
  return [
    simUnchanged === undefined && badge('none', 'sim', t.unknown),
    simUnchanged === true && badge('good', 'sim', `✓ ${t.steady}`),
    simUnchanged === false && badge('warn', 'sim', `! ${t.recent}`),
    devicePending && badge('warn', 'device', `! ${t.devicePending}`),
    !devicePending &&
      deviceSince &&
      badge('none', 'device', t.device.replace('{date}', day(lang, deviceSince))),
  ]
    .filter(Boolean)
    .join('');
}

const badge = (kind, id, text) => `<li class="${kind}" id="${id}">${text}</li>`;

const day = (lang, date) =>
  new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);

function entry(lang, { author, text }) {
  const { name, avatar } = pseudonym(author, lang);
  return `<li>${avatar}<div><p class="note">${name}</p><p>${escapeText(text[lang])}</p></div></li>`;
}

export function errorPage({ lang, title, advice, retry }) {
  const t = texts[lang];
  return layout(
    lang,
    title,
    `<section class="welcome" id="error">
  <h1>${title}</h1>
  <p class="lead">${advice}</p>
  <p>${retry ? `<a class="button" href="/login">${t.retry}</a> ` : ''}<a class="button quiet" href="/">${t.back}</a></p>
</section>`,
  );
}

function layout(lang, title, main) {
  const t = texts[lang];
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === t.title ? title : `${title} · ${t.title}`}</title>
<link rel="icon" href="/mountain.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="brand" href="/"><img src="/mountain.svg" alt="" width="28" height="28">${t.title}</a>
<a href="/?lang=${t.otherLang}" lang="${t.otherLang}" hreflang="${t.otherLang}">${t.other}</a></header>
<main>${main}</main>
<footer><p>${t.fiction}</p></footer>
</body>
</html>`;
}
