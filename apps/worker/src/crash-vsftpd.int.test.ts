import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { crashSuite } from './test-support/crash-suite.js';

crashSuite(() => startVsftpd());
