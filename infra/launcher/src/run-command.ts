/** `npm run waybill -- <command>`: the command line of the machine's administrator, on this installation. */
import { runOnInstallation } from './run-on-installation.js';

await runOnInstallation('apps/cli/dist/main.js');
