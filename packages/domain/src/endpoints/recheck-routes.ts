/** The rules of routes again, when an end of them moves: what was two folders may have become one. */
import type { EndpointUpdate } from '@waybill/contracts/endpoints.js';
import type { Tx } from '@waybill/db/transaction.js';
import { Problem, fieldProblem } from '../problem.js';
import { checkRoute } from '../routes/route-rules.js';

/** What says where an endpoint's files really are; the first that changes is the one to blame. */
const PLACE = ['basePath', 'rootName', 'host', 'port', 'protocol', 'credentialId'] as const;

/**
 * @param input the endpoint as it now is in the database, and what of it has changed
 * @throws Problem `invalid_input` at the field that makes a route harmful, with the route's name
 */
export async function recheckRoutes(tx: Tx, input: { id: string; change: EndpointUpdate }): Promise<void> {
  const { id, change } = input;
  const field = PLACE.find((one) => change[one] !== undefined);
  if (field === undefined) return;
  // Locked, so that of two ends which move at once the second sees where the first has gone.
  await tx.$queryRaw`
    SELECT 1 FROM route WHERE source_endpoint_id = ${id}::uuid OR target_endpoint_id = ${id}::uuid
    ORDER BY id FOR NO KEY UPDATE`;
  const routes = await tx.route.findMany({
    where: { OR: [{ sourceEndpointId: id }, { targetEndpointId: id }] },
    include: { source: true, target: true },
    orderBy: { name: 'asc' },
  });
  for (const route of routes) {
    try {
      checkRoute(route);
    } catch (error) {
      const fault = error instanceof Problem ? error.errors?.[0] : undefined;
      if (fault === undefined) throw error;
      throw fieldProblem(
        field,
        `does not go with the route ${route.name}: its ${fault.path} ${fault.message}, here or in the route`,
      );
    }
  }
}
