import {
  fillText,
  type Html,
  type HttpRequest,
  html,
  type Locale,
  type Route,
  redirect,
} from '@attestel/core';
import type { DisplayName } from '@attestel/registry';
import { fail } from '../errors.ts';
import type { StartPageTexts } from './i18n/en.ts';

/** A page at a party's node that opens by a link for one person, once. */
export interface Door {
  readonly page: 'console' | 'inspection';
  /** Of the party. */
  readonly id: string;
  readonly name: DisplayName;
  /** Origin of its node. */
  readonly node: string;
  /** Command line that makes such a link, without `attestel`. */
  readonly command: string;
  /** Makes one. */
  readonly link: () => Promise<string>;
}

export interface DoorsModel {
  readonly doors: readonly Door[];
  /** Whether the page makes links itself. Only where nobody but this machine can ask for it: a link is a sign-in. */
  readonly areOpen: boolean;
  /** Link of a device's tag, for who inspects; undefined until there is one. */
  readonly tag: () => string | undefined;
}

const pathOf = ({ page, id }: Pick<Door, 'page' | 'id'>): string => `/open/${page}/${id}`;

/** Who can look at what, each with a button where this page makes the link, and the command that does. */
export function renderDoors({ doors, areOpen, tag }: DoorsModel, t: StartPageTexts, locale: Locale): Html {
  const tagLink = tag();
  const rowOf = (door: Door): Html => {
    const name = fillText(t[door.page], { name: door.name[locale] });
    const open = html`<form method="post" action="${pathOf(door)}"><button>${name}</button></form>`;
    return html`<li>${areOpen ? open : html`<strong>${name}</strong>`}
<code>npm run -s attestel -- ${door.command}</code></li>`;
  };
  return html`<section id="staff"><h2>${t.staff}</h2><p>${areOpen ? t.staffText : t.staffCommands}</p>
<ul class="doors">${doors.map(rowOf)}</ul>
${tagLink && html`<p>${t.tagText} <a href="${tagLink}">${t.tag}</a></p>`}</section>`;
}

/** Where the forms of this page lead in the end: browsers hold redirects after a form to its policy, too. */
export const doorOrigins = ({ doors, areOpen }: DoorsModel): readonly string[] =>
  areOpen ? [...new Set(doors.map(({ node }) => node))] : [];

/** @param origin of the start page */
export const doorRoutes = ({ doors, areOpen }: DoorsModel, origin: string): Route[] =>
  areOpen
    ? doors.map((door) => ({
        method: 'POST',
        path: pathOf(door),
        summary: 'Makes a link that signs in once, and goes there',
        errors: 'html',
        handle: async (request) => {
          assertFromHere(request, origin);
          return redirect(await door.link(), { 'referrer-policy': 'no-referrer' });
        },
      }))
    : [];

/**
 * Whether this very page sent the form. Browsers say where a form comes from; a page of elsewhere under a name that leads
 * to this machine has another origin, too. @throws AppError start_page_foreign
 */
function assertFromHere({ headers }: Pick<HttpRequest, 'headers'>, origin: string): void {
  const isSame = ['same-origin', undefined].includes(headers['sec-fetch-site']);
  if (headers.origin !== origin || !isSame) throw fail('start_page_foreign', { field: origin });
}
