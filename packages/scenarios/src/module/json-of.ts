import { canonicalizeJson, type JsonValue } from '@attestel/core';

/** A value as it is going to be read back: what is no JSON gets into no state. */
export const jsonOf = (value: JsonValue): JsonValue => JSON.parse(canonicalizeJson(value)) as JsonValue;
