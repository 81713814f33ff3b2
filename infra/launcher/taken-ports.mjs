/**
 * Whether a start would end because a port is taken, told before anything is installed or built, which takes most of a
 * minute. Built-in modules only. The launcher looks again, and knows more: whether it is Waybill itself that runs.
 */
import { createServer } from 'node:net';

/** The port of the console and of the API where none is set, as in src/config.ts. */
const USUAL_PORT = '8470';

/**
 * @param {NodeJS.ProcessEnv} environment as `npm start` has it; what is no port at all is left to the launcher
 * @returns {Promise<string | null>} which port is taken, and what changes it; null where none is
 */
export async function findTakenPort(environment) {
  const host = environment.WAYBILL_HOST || '127.0.0.1';
  const wanted = [['WAYBILL_PORT', host, environment.WAYBILL_PORT || USUAL_PORT]];
  if (environment.NODE_ENV !== 'production')
    for (const name of ['WAYBILL_PRACTICE_EXPLICIT_PORT', 'WAYBILL_PRACTICE_IMPLICIT_PORT'])
      wanted.push([name, '127.0.0.1', environment[name]]);
  for (const [variable, address, text] of wanted) {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535 || !(await isTaken(port, address))) continue;
    return (
      `Port ${port} on ${address} is taken, by another program or by a Waybill that runs already. Stop that one, or ` +
      `choose another port: ${variable}=${port === 65_535 ? port - 1 : port + 1} npm start`
    );
  }
  return null;
}

function isTaken(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
