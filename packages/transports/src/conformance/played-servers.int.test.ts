import { playedServers } from './played-servers.js';
import { testConformance } from './test-conformance.js';

for (const server of playedServers) testConformance(server);
