/**
 * zod compiles parsers with `new Function` where it can. Under this page's policy it cannot, and already
 * trying is reported as a violation: switched off before any schema is made. Import this first.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
