import { proftpd } from './real-servers.js';
import { testConformance } from './test-conformance.js';

testConformance(proftpd);
