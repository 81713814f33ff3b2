/** The process of the practice partner. It tells the launcher when it listens, and prints its events as JSON. */
import { startPracticePartner } from '@waybill/ftps-server/practice-partner.js';
import { PRACTICE_PASSIVE_PORTS, PRACTICE_USER, readPracticeConfig } from './config.js';

const { folder, explicitPort, implicitPort } = readPracticeConfig();
const partner = await startPracticePartner({
  folder,
  explicitPort,
  implicitPort,
  passivePorts: PRACTICE_PASSIVE_PORTS,
  user: PRACTICE_USER,
  onEvent: (event) => console.log(JSON.stringify({ time: new Date().toISOString(), ...event })),
});

const stop = (): void => void partner.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
