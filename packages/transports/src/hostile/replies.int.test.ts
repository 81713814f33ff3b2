import { testCases } from './cases-as-tests.js';
import { replyCases } from './reply-cases.js';
import { wordCases } from './word-cases.js';

testCases([...replyCases, ...wordCases]);
