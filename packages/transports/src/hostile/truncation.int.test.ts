import { testCases } from './cases-as-tests.js';
import { truncationCases } from './truncation-cases.js';

testCases(truncationCases);
