import { vsftpd } from './real-servers.js';
import { testConformance } from './test-conformance.js';

testConformance(vsftpd);
