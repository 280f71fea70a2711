import { resolve } from 'node:path';

/** npm sets INIT_CWD to where the person stood; paths are meant from there. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

export const dataDirOf = (values: { readonly data?: unknown }): string =>
  fromHere(typeof values.data === 'string' ? values.data : (process.env.ATTESTEL_DATA ?? '.attestel'));
