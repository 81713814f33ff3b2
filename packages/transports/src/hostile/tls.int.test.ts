import { testCases } from './cases-as-tests.js';
import { tlsCases } from './tls-cases.js';

testCases(tlsCases);
