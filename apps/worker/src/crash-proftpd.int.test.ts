import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { crashSuite } from './test-support/crash-suite.js';

crashSuite(() => startProftpd());
