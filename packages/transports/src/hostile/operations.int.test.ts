import { testCases } from './cases-as-tests.js';
import { operationCases } from './operation-cases.js';

testCases(operationCases);
