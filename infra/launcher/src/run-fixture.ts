/** `npm run fixture`: fills this installation with made-up partners and transfers (bench/src/fixture.ts). */
import { runOnInstallation } from './run-on-installation.js';

await runOnInstallation('bench/dist/make-fixture.js');
