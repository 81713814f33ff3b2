import { testCases } from './cases-as-tests.js';
import { uploadCases } from './upload-cases.js';

testCases(uploadCases);
