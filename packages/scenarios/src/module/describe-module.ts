import type { JsonValue, Locale } from '@attestel/core';
import type { Begins, Command, JsonSchema, Module, Text, Trust } from './module.ts';

/** Markdown page of a module, made from what it declares and nothing else. */
export function describeModule(module: Module, locale: Locale): string {
  const words = WORDS[locale];
  const { name, version, summary, execution, blind } = module;
  const facts = [`${words.version} ${version}`, ...execution.map((how) => words[how])];
  const parts = [
    `# ${name}`,
    summary[locale],
    [...facts, ...(blind ? [words.blind] : [])].join(words.comma),
    `## ${words.commands}`,
    ...byName(module.commands).map(([command, one]) => commandPart(command, one, locale)),
    `## ${words.events}`,
    ...byName(module.events).map(([event, schema]) => `### \`${event}\`\n\n${fieldsOf(schema, locale)}`),
    `## ${words.queries}`,
    ...byName(module.queries).map(
      ([query, { summary: said, schema }]) =>
        `### \`${query}\`\n\n${said[locale]}\n\n${fieldsOf(schema, locale)}`,
    ),
    `## ${words.credentials}`,
    credentialsPart(module, locale),
  ];
  return `${parts.join('\n\n')}\n`;
}

const WORDS = {
  en: {
    version: 'Version',
    private: 'decided by its parties',
    shared: 'decided by every node',
    blind: 'its lines name neither module nor actor',
    comma: ', ',
    commands: 'Commands',
    events: 'Events',
    queries: 'Queries',
    credentials: 'Credentials',
    field: 'Field',
    value: 'Value',
    meaning: 'Meaning',
    none: 'No fields.',
    noCredentials: 'None.',
    optional: 'optional',
    new: 'Begins an object.',
    existing: 'Moves an object.',
    either: 'Begins an object or moves one.',
    delegates: 'Persons and devices act with',
    given: 'given by',
    revoked: 'revoked by',
    trust: {
      governor: 'counts from a governor of the channel',
      holder: 'counts from a holder of',
      claim: 'counts from the party in its claim',
      module: 'counts from an event of',
    },
  },
  'zh-CN': {
    version: '版本',
    private: '由各方自行判定',
    shared: '由每个节点判定',
    blind: '账本条目不显示模块与操作方',
    comma: '，',
    commands: '命令',
    events: '事件',
    queries: '查询',
    credentials: '凭证',
    field: '字段',
    value: '取值',
    meaning: '含义',
    none: '无字段。',
    noCredentials: '无。',
    optional: '可省略',
    new: '新建对象。',
    existing: '变更已有对象。',
    either: '新建或变更对象。',
    delegates: '个人与设备凭此操作：',
    given: '由事件签发：',
    revoked: '由事件撤销：',
    trust: {
      governor: '由频道管理方签发有效',
      holder: '由此类凭证持有者签发有效：',
      claim: '由声明所指的一方签发有效：',
      module: '由模块事件签发有效：',
    },
  },
} as const satisfies Record<Locale, object>;

const byName = <T>(named: { readonly [name: string]: T }): readonly (readonly [string, T])[] =>
  Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));

function commandPart(name: string, command: Command<JsonValue, never>, locale: Locale): string {
  const words = WORDS[locale];
  const begins: Record<Begins, string> = { new: words.new, existing: words.existing, either: words.either };
  const { delegates = [] } = command;
  const acting = delegates.length === 0 ? '' : ` ${words.delegates} ${delegates.map(code).join(words.comma)}`;
  const about = `${command.summary[locale]} — ${begins[command.on]}${acting}`;
  return `### \`${name}\`\n\n${about}\n\n${fieldsOf(command.schema, locale)}`;
}

const code = (text: string): string => `\`${text}\``;

/** A table of all fields, those of inner objects and lists by their path. */
function fieldsOf(schema: JsonSchema, locale: Locale): string {
  const words = WORDS[locale];
  const rows = rowsOf(schema, '', locale);
  if (rows.length === 0) return words.none;
  const head = `| ${words.field} | ${words.value} | ${words.meaning} |\n| --- | --- | --- |`;
  return [head, ...rows].join('\n');
}

type Fields = { readonly [field: string]: JsonSchema };

function rowsOf(schema: JsonSchema, path: string, locale: Locale): string[] {
  const properties = (schema.properties ?? {}) as Fields;
  const required = (schema.required ?? []) as readonly string[];
  return Object.entries(properties).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const need = required.includes(name) ? '' : ` (${WORDS[locale].optional})`;
    const row = `| \`${at}\`${need} | ${cell(allowedOf(inner))} | ${cell(meaningOf(inner, locale))} |`;
    return [row, ...innerRows(inner, at, locale)];
  });
}

function innerRows(schema: JsonSchema, at: string, locale: Locale): string[] {
  const items = schema.items as JsonSchema | undefined;
  if (items) return rowsOf(items, `${at}[]`, locale);
  const choices = (schema.anyOf ?? schema.oneOf ?? []) as readonly JsonSchema[];
  return [schema, ...choices].flatMap((one) => rowsOf(one, at, locale));
}

function meaningOf(schema: JsonSchema, locale: Locale): string {
  const text = schema['x-text'] as Text | undefined;
  return text?.[locale] ?? String(schema.description ?? '');
}

/** Keywords that bound a value, as they stand in the schema. */
const BOUNDS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'format',
  'const',
] as const;

function allowedOf(schema: JsonSchema): string {
  const choices = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (choices) return choices.map(allowedOf).join(' / ');
  const values = schema.enum as readonly JsonValue[] | undefined;
  if (values) return values.map((value) => code(String(value))).join(' ');
  const bounds = BOUNDS.filter((bound) => schema[bound] !== undefined).map(
    (bound) => `${bound} ${code(String(schema[bound]))}`,
  );
  return [String(schema.type ?? ''), ...bounds].join(' ');
}

/** Text in a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function credentialsPart({ credentials, gives }: Module, locale: Locale): string {
  const words = WORDS[locale];
  const parts = byName(credentials).map(([type, { schema, trust }]) => {
    const given = gives
      .filter((one) => one.type === type)
      .map(({ on, revokedOn = [] }) => {
        const ends =
          revokedOn.length === 0 ? '' : `${words.comma}${words.revoked} ${revokedOn.map(code).join(' ')}`;
        return `${words.comma}${words.given} ${code(on)}${ends}`;
      });
    return `### \`${type}\`\n\n${trustOf(trust, locale)}${given.join('')}\n\n${fieldsOf(schema, locale)}`;
  });
  return parts.length === 0 ? words.noCredentials : parts.join('\n\n');
}

function trustOf(trust: Trust, locale: Locale): string {
  const words = WORDS[locale].trust;
  switch (trust.by) {
    case 'governor':
      return words.governor;
    case 'holder':
      return `${words.holder} ${code(trust.of)}`;
    case 'claim':
      return `${words.claim} ${code(trust.claim)}`;
    case 'module':
      return `${words.module} ${code(trust.module)}`;
  }
}
