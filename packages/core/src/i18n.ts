/** The languages every page speaks. */
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * Best of our languages for `ui_locales` (OIDC Core §3.1.2.1, space-separated) and then
 * `Accept-Language` (RFC 9110 §12.5.4). English where neither names one of ours.
 */
export function negotiateLocale(uiLocales?: string, acceptLanguage?: string): Locale {
  const wanted = [...(uiLocales ?? '').split(/\s+/), ...languagesByWeight(acceptLanguage ?? '')];
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'en';
}

function languagesByWeight(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [tag = '', ...parameters] = item.trim().split(';');
      const q = parameters
        .map((p) => /^\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i.exec(p)?.[1])
        .find(Boolean);
      return { tag: tag.trim(), weight: q === undefined ? 1 : Number(q) };
    })
    .filter((language) => language.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map((language) => language.tag);
}

/** `{name}` placeholders of a catalogue text replaced by values; unknown ones are a programming error. */
export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TypeError(`text needs a value for {${name}}`);
    return String(value);
  });
}
