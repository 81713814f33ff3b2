import { testCases } from './cases-as-tests.js';
import { listingCases } from './listing-cases.js';

testCases(listingCases);
