import { testCases } from './cases-as-tests.js';
import { stepCases } from './step-cases.js';

testCases(stepCases);
