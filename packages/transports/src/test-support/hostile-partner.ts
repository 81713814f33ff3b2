/**
 * A scene for the tests of one file: importing this sets it, ends after each test what the test has started, and
 * clears it away at the end.
 */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Scene } from './scene.js';

export { IMPATIENT, megabytes, type StagedPartner as HostilePartner } from './scene.js';

let scene: Scene;
/** What a test has to end, besides the servers and sessions that are started here. */
export const toEnd: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  scene = await Scene.set();
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
  await scene.clear();
});
afterAll(() => scene.strike());

/** The key and certificate that it has where a test gives it no other. */
export const ownTls = (): Scene['pki']['server'] => scene.pki.server;

export const start: Scene['start'] = (...args) => scene.start(...args);
export const endpoint: Scene['endpoint'] = (...args) => scene.endpoint(...args);
export const open: Scene['open'] = (...args) => scene.open(...args);
export const upload: Scene['upload'] = (...args) => scene.upload(...args);
export const download: Scene['download'] = (...args) => scene.download(...args);
