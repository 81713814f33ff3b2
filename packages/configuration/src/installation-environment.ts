/** The environment of a program that the launcher runs for the administrator of the machine. */
import { once } from 'node:events';

/**
 * The variables that lead to the installation. A program that the launcher started asks it for them, over the
 * channel between the two, which opens the installation (and starts its database) only then: what is wrong with a
 * command is told at once, and `--help` starts nothing. The launcher ends us where that fails.
 * @param own what we were started with, which is all there is without a launcher
 */
export async function installationEnvironment(own: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (!process.send) return own;
  const answer = once(process, 'message');
  process.send('open');
  const [environment] = (await answer) as [NodeJS.ProcessEnv];
  process.disconnect();
  return environment;
}
