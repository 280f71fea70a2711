import { genesisVectors } from './genesis-vectors.ts';
import { operationVectors } from './operation-vectors.ts';
import { rotationVectors } from './rotation-vectors.ts';
import { syntaxVectors } from './syntax-vectors.ts';

export const VECTOR_FOLDER = new URL('../../../../conformance/vectors/did-mno/', import.meta.url);

/** File name → exact content. */
export async function allVectors(): Promise<Readonly<Record<string, string>>> {
  const files = {
    'syntax.json': syntaxVectors(),
    'genesis.json': genesisVectors(),
    'operations.json': await operationVectors(),
    'rotation.json': await rotationVectors(),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 1)}\n`]),
  );
}
