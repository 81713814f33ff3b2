import { testCases } from './cases-as-tests.js';

testCases('TLS');
