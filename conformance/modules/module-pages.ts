import type { Locale } from '@attestel/core';
import {
  accessModule,
  credentialModule,
  DATA_MODULES,
  DEVICE_MODULES,
  describeModule,
  type Module,
  ROAMING_MODULES,
} from '@attestel/scenarios';

/** Folder of the pages below the top of the repository. */
export const PAGES_FOLDER = 'specs/modules';

const SUFFIX: Readonly<Record<Locale, string>> = { en: '.md', 'zh-CN': '.zh-CN.md' };

/** What a file of {@link PAGES_FOLDER} holds, by name: a page per module and language, and the list of all. */
export function modulePages(): ReadonlyMap<string, string> {
  // Each module has a type of state of its own; a page needs none of them.
  const scenarios = [...DEVICE_MODULES, ...ROAMING_MODULES, ...DATA_MODULES] as unknown as readonly Module[];
  const ofHost = [credentialModule(scenarios), accessModule()] as unknown as readonly Module[];
  const modules = [...scenarios, ...ofHost];
  const pages = modules.flatMap((module) =>
    (['en', 'zh-CN'] as const).map(
      (locale) => [`${module.name}${SUFFIX[locale]}`, describeModule(module, locale)] as const,
    ),
  );
  return new Map([...pages, ['README.md', listOf(modules)]]);
}

function listOf(modules: readonly Module[]): string {
  const rows = modules.map(
    ({ name, version, summary }) =>
      `| [${name}](${name}.md) | [${summary['zh-CN']}](${name}.zh-CN.md) | ${version} | ${summary.en} |`,
  );
  return `# Modules

Made from the declarations of the modules by \`node --conditions=source conformance/modules/write-module-pages.ts\`; a test
compares. What all of them have in common: [scenarios.md](../scenarios.md).

| module | 模块 | version | |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
