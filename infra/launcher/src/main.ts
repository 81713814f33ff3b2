/**
 * `npm start`: opens the installation, starts the API with the console, one worker and the practice partner,
 * says where everything is, and stops it all in order at Ctrl-C.
 */
import { readConfig, reportLaunchError } from './config.js';
import { runWaybill } from './run-waybill.js';

try {
  await runWaybill(readConfig());
} catch (error) {
  reportLaunchError(error);
}
