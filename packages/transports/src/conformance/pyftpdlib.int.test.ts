import { pyftpdlib } from './real-servers.js';
import { testConformance } from './test-conformance.js';

testConformance(pyftpdlib);
