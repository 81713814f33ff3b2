import { testCases } from './cases-as-tests.js';
import { dataChannelCases } from './data-channel-cases.js';

testCases(dataChannelCases);
