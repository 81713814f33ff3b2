/** The process of the practice partner. It tells the launcher when it listens, and prints its events as JSON. */
import { startPracticePartner } from '@waybill/ftps-server/practice-partner.js';
import { PRACTICE_PASSIVE_PORTS, PRACTICE_USER, readPracticeConfig } from './config.js';

const { folder, explicitPort, implicitPort } = readPracticeConfig();
const starting = startPracticePartner({
  folder,
  explicitPort,
  implicitPort,
  passivePorts: PRACTICE_PASSIVE_PORTS,
  user: PRACTICE_USER,
  onEvent: (event) => console.log(JSON.stringify({ time: new Date().toISOString(), ...event })),
});

// Before it listens: whoever reaches it may tell it to stop.
const stop = (): void => {
  starting
    .then((partner) => partner.close())
    .catch((error: unknown) => {
      console.error(error);
      // What could not be closed would keep it alive.
      process.exit(1);
    });
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
await starting;
