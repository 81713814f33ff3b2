import assert from 'node:assert/strict';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import type { EndpointChanges } from '../test-support/open-for-test.js';
import type { Scene, StagedPartner } from '../test-support/scene.js';

/** The session does not come about, and no name and no password was said. */
export async function refusesSession(
  scene: Scene,
  server: StagedPartner,
  { kind, words, changes }: { kind: FailureKind; words?: RegExp; changes?: EndpointChanges },
): Promise<void> {
  await scene.fails(scene.open(server, changes), kind, words);
  const secrets = server.commands.filter((command) => /^(USER|PASS)/.test(command));
  assert.deepEqual(secrets, []);
}
