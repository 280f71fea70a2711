import { texts } from './texts.js';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);

/** Long ids are shown by their ends; the full value is in the title. */
const short = (id) => (id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id);

export function shopPage({ lang, customer }) {
  const t = texts[lang];
  return layout(
    lang,
    t.title,
    `<section class="hero">
  <p class="tagline">${t.tagline}</p>
  <h1>${t.title}</h1>
  <p class="lead">${customer ? t.leadCustomer : t.lead}</p>
  ${customer ? customerCard(t, customer) : signIn(t)}
</section>
<ul class="teas">${t.teas.map(([name, kind, price], i) => tea(name, kind, price, i)).join('')}</ul>`,
  );
}

const signIn = (t) => `<p><a class="button" id="sign-in" href="/login">${icon}<span>${t.signIn}</span></a></p>
  <p class="note">${t.signInNote}</p>`;

const customerCard = (t, { sub, phone }) => `<div class="card" id="customer">
  <h2>${t.customer}</h2>
  <dl>
    <dt>${t.account}</dt>
    <dd><code id="sub" title="${escapeText(sub)}">${escapeText(short(sub))}</code><span class="note">${t.accountNote}</span></dd>
    <dt>${t.phone}</dt>
    <dd>${phone ? `<strong id="phone">${escapeText(phone)}</strong>` : `<span id="no-phone" class="note">${t.noPhone}</span>`}</dd>
  </dl>
  <form method="post" action="/logout"><button class="button quiet" id="sign-out" type="submit">${t.signOut}</button></form>
</div>`;

const tea = (name, kind, price, i) => `<li>
  <img src="/tea-${i + 1}.svg" alt="" width="160" height="120">
  <h2>${escapeText(name)}</h2><p class="note">${escapeText(kind)}</p>
  <p class="price">${price}</p>
</li>`;

export function errorPage({ lang, title, advice, retry }) {
  const t = texts[lang];
  return layout(
    lang,
    title,
    `<section class="hero" id="error">
  <h1>${title}</h1>
  <p class="lead">${advice}</p>
  <p>${retry ? `<a class="button" href="/login">${t.retry}</a> ` : ''}<a class="button quiet" href="/">${t.back}</a></p>
</section>`,
  );
}

const icon =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><rect x="6" y="2" width="12" height="20" rx="3" fill="none" stroke="currentColor" stroke-width="2"/><path d="m9 12 2 2 4-4" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>';

function layout(lang, title, main) {
  const t = texts[lang];
  return `<!doctype html>
<html lang="${t.htmlLang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === t.title ? title : `${title} · ${t.title}`}</title>
<link rel="icon" href="/leaf.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="brand" href="/"><img src="/leaf.svg" alt="" width="28" height="28">${t.title}</a>
<a href="/?lang=${t.otherLang}" lang="${t.otherLang}" hreflang="${t.otherLang}">${t.other}</a></header>
<main>${main}</main>
<footer><p>${t.fiction}</p></footer>
</body>
</html>`;
}
