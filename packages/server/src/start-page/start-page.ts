import { fillText, html, type Locale, negotiateLocale, page, type Route } from '@attestel/core';
import type { DisplayName } from '@attestel/registry';
import { type DoorsModel, doorOrigins, doorRoutes, renderDoors } from './doors.ts';
import { type EquipmentModel, equipmentRoutes, renderEquipment } from './equipment.ts';
import { en, type StartPageTexts } from './i18n/en.ts';
import { zhCn } from './i18n/zh-cn.ts';
import { renderScenarios, type ScenariosModel } from './scenarios.ts';
import { START_PAGE_STYLE } from './style.ts';

interface Link {
  readonly name: DisplayName;
  readonly url: string;
}

export interface StartPageModel {
  readonly operators: readonly Link[];
  readonly apps: readonly Link[];
  readonly walletUrl: string;
  readonly issuerUrl: string;
  readonly statusRefreshSeconds: number;
  readonly equipment: EquipmentModel;
  readonly scenarios?: ScenariosModel | undefined;
  readonly doors: DoorsModel;
  /** Of this page. */
  readonly origin: string;
}

const TEXTS: Record<Locale, StartPageTexts> = { en, 'zh-CN': zhCn };
const cspOf = ({ doors }: StartPageModel): string => {
  const targets = doorOrigins(doors);
  const forms = targets.length === 0 ? "'none'" : ["'self'", ...targets].join(' ');
  return `default-src 'none'; style-src 'self'; base-uri 'none'; form-action ${forms}; frame-ancestors 'none'`;
};

/** The page `npm start` prints first: what to click, in order. */
export const startPageRoutes = (model: StartPageModel): Route[] => [
  {
    method: 'GET',
    path: '/',
    summary: 'What this demo is and what to click',
    errors: 'html',
    handle: (request) => {
      const locale = negotiateLocale(
        request.url.searchParams.get('ui_locales') ?? undefined,
        request.headers['accept-language'],
      );
      return page(render(model, locale), 200, {
        'content-security-policy': cspOf(model),
        // Its own forms say where they come from.
        'referrer-policy': 'same-origin',
      });
    },
  },
  ...equipmentRoutes(model.equipment),
  ...doorRoutes(model.doors, model.origin),
  {
    method: 'GET',
    path: '/style.css',
    summary: 'Style of the start page',
    errors: 'problem',
    handle: () => ({
      status: 200,
      headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' },
      body: START_PAGE_STYLE,
    }),
  },
];

function render(model: StartPageModel, locale: Locale) {
  const t = TEXTS[locale];
  const other: Locale = locale === 'en' ? 'zh-CN' : 'en';
  const list = (links: readonly Link[]) =>
    html`<ul class="tiles">${links.map((link) => html`<li><a href="${link.url}">${link.name[locale]}</a></li>`)}</ul>`;
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${t.title}</title><link rel="stylesheet" href="/style.css"></head>
<body><header><p class="brand">Attestel</p><a class="language" hreflang="${other}" lang="${other}" href="/?ui_locales=${other}">${t.language}</a></header>
<main><h1>${t.title}</h1><p class="lead">${t.lead}</p>
<ol class="steps">
<li><h2>${t.step1}</h2><p>${t.step1Text}</p>${list(model.operators)}</li>
<li><h2>${t.step2}</h2><p>${t.step2Text}</p>${list(model.apps)}</li>
<li><h2>${t.step3}</h2><p>${fillText(t.step3Text, { seconds: Math.ceil(model.statusRefreshSeconds) })}</p></li>
</ol>
<section><h2>${t.equipment}</h2><p>${t.equipmentText}</p>${renderEquipment(model.equipment, t, locale)}</section>
${model.doors.doors.length > 0 && renderDoors(model.doors, t, locale)}
${model.scenarios ? renderScenarios(model.scenarios, t, locale) : ''}
<p><a class="wallet" href="${model.walletUrl}">${t.wallet}</a></p>
<section><h2>${t.connect}</h2><p>${t.connectText}</p><pre tabindex="0"><code>${model.issuerUrl}/.well-known/openid-configuration</code></pre></section>
</main></body></html>`;
}
