/** Connection tests: asked for here, answered by a worker (record-endpoint-test.ts), readable while they run. */
import { type EndpointTest, endpointTest } from '@waybill/contracts/endpoints.js';
import type { PageQuery } from '@waybill/contracts/paging.js';
import type { EndpointTestModel } from '@waybill/db/generated/prisma/models.js';
import { whoHasToAct } from '@waybill/contracts/who-acts.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { databaseIn } from '../database-now.js';
import { newId } from '../new-id.js';
import { beforeCreation, rowsToTake, toPage } from '../paging.js';
import { Problem } from '../problem.js';
import { endpointNotFound } from './endpoint-views.js';

/** How many tests of one endpoint are kept, the newest ones. */
const KEPT_TESTS = 20;
/** A test that runs for longer than this has lost its worker; another may be asked for. */
export const TEST_TIMEOUT_MS = 180_000;

/**
 * Asks for a test; while one is waiting or running, that one is the answer, so that nobody can have a partner's
 * server dialled again and again.
 *
 * Out    the test, and whether it is new: ring `endpoint-test` after commit
 * Events endpoint.test_requested, for a new one
 * Errors not_found
 */
export async function requestEndpointTest(
  tx: Tx,
  actor: Actor,
  input: { endpointId: string },
): Promise<{ test: EndpointTest; isNew: boolean }> {
  await tx.$queryRaw`SELECT 1 FROM endpoint WHERE id = ${input.endpointId}::uuid FOR NO KEY UPDATE`;
  const endpoint = await tx.endpoint.findUnique({ where: { id: input.endpointId } });
  if (endpoint === null) throw endpointNotFound();
  const open = await tx.endpointTest.findFirst({
    where: {
      endpointId: endpoint.id,
      state: { in: ['queued', 'running'] },
      createdAt: { gt: await databaseIn(tx, -TEST_TIMEOUT_MS) },
    },
  });
  if (open !== null) return { test: toTest(open), isNew: false };
  const row = await tx.endpointTest.create({
    data: { id: newId(), endpointId: endpoint.id, requestedBy: actor.name },
  });
  await dropOldTests(tx, endpoint.id);
  await appendEvent(tx, actor, {
    action: 'endpoint.test_requested',
    object: { kind: 'endpoint', id: endpoint.id, name: endpoint.name },
    partnerId: endpoint.partnerId,
    details: {},
  });
  return { test: toTest(row), isNew: true };
}

export async function getEndpointTest(tx: Tx, id: string): Promise<EndpointTest> {
  const row = await tx.endpointTest.findUnique({ where: { id } });
  if (row === null) throw new Problem('not_found', 'There is no endpoint test with that id.');
  return toTest(row);
}

/** The tests of one endpoint, newest first. */
export async function listEndpointTests(tx: Tx, query: PageQuery & { endpointId: string }) {
  const endpoint = await tx.endpoint.findUnique({ where: { id: query.endpointId }, select: { id: true } });
  if (endpoint === null) throw endpointNotFound();
  const rows = await tx.endpointTest.findMany({
    where: { AND: [beforeCreation('endpoint-tests', query), { endpointId: query.endpointId }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: rowsToTake(query),
  });
  return toPage(rows, query, {
    list: 'endpoint-tests',
    item: toTest,
    place: (row) => ({ at: row.createdAt.toISOString(), id: row.id }),
  });
}

async function dropOldTests(tx: Tx, endpointId: string): Promise<void> {
  const old = await tx.endpointTest.findMany({
    where: { endpointId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: KEPT_TESTS,
    select: { id: true },
  });
  if (old.length > 0) await tx.endpointTest.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
}

/** A positive list of what leaves. */
function toTest(row: EndpointTestModel): EndpointTest {
  const { steps, dialogue } = endpointTest.shape;
  const connection = endpointTest.shape.connection.parse(row.connection);
  return {
    id: row.id,
    endpointId: row.endpointId,
    state: row.state,
    steps: steps.parse(row.steps),
    connection,
    dialogue: dialogue.parse(row.dialogue),
    entryCount: row.entryCount,
    failureKind: row.failureKind,
    failureText: row.failureText,
    whoActs: whoHasToAct(row.failureKind, { isLocal: connection?.protocol === 'local_folder' }),
    requestedBy: row.requestedBy,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
