import { type Html, html, type Locale } from '@attestel/core';
import type { DisplayName } from '@attestel/registry';
import type { ScenarioState } from '../consortium/scenarios/prepare-scenarios.ts';
import type { StartPageTexts } from './i18n/en.ts';

/** Somebody in the picture of a scenario. */
export interface ScenarioParty {
  readonly name: DisplayName;
  /** Origin of its node. */
  readonly node: string;
  /** Who acts through that node: persons, agents. */
  readonly through: readonly DisplayName[];
}

export interface ScenarioPicture {
  readonly id: 'device' | 'roaming' | 'data';
  /** What they share; the first is above the others. */
  readonly channels: readonly string[];
  readonly parties: readonly ScenarioParty[];
  /** Command lines to try, without `attestel`. */
  readonly commands: readonly string[];
  /** Walkthrough in the repository. */
  readonly example: string;
}

export interface ScenariosModel {
  readonly state: () => ScenarioState;
  readonly pictures: readonly ScenarioPicture[];
}

/** A section per scenario: who is connected how, and what to try. */
export function renderScenarios(
  { state, pictures }: ScenariosModel,
  t: StartPageTexts,
  locale: Locale,
): Html {
  const now = state();
  const badge = html`<span class="badge ${now === 'ready' ? 'good' : 'other'}">${t[STATE[now]]}</span>`;
  return html`<section id="scenarios"><h2>${t.scenarios}</h2><p>${t.scenariosText} ${badge}</p>
${pictures.map((picture) => renderPicture(picture, t, locale))}</section>`;
}

const STATE = {
  preparing: 'scenariosPreparing',
  ready: 'scenariosReady',
  failed: 'scenariosFailed',
} as const satisfies Record<ScenarioState, keyof StartPageTexts>;

function renderPicture(
  { id, channels, parties, commands, example }: ScenarioPicture,
  t: StartPageTexts,
  locale: Locale,
): Html {
  const boxes = parties.map(
    ({ name, node, through }) => html`<li><strong>${name[locale]}</strong><small>${new URL(node).host}</small>
${through.map((person) => html`<span class="through">${person[locale]}</span>`)}</li>`,
  );
  const bars = channels.map((channel) => html`<li><code>${channel}</code></li>`);
  return html`<article class="scenario"><h3>${t[id]}</h3><p>${t[`${id}Text`]}</p>
<div class="map"><ul class="parties" aria-label="${t.parties}">${boxes}</ul>
<ul class="channels" aria-label="${t.channels}">${bars}</ul></div>
<p>${t.tryIt} <code>${example}</code></p>
<pre tabindex="0"><code>${commands.map((command) => `npm run -s attestel -- ${command}\n`).join('')}</code></pre></article>`;
}
