import { practicePartner } from './practice-partner.js';
import { testConformance } from './test-conformance.js';

testConformance(practicePartner);
