/**
 * Run as a process of its own, on the build: tries to open a session on the endpoint that comes as JSON in the first
 * argument, and prints "opened" or the kind of the failure.
 */
import { Secret } from '@waybill/vault/secret.js';
import { openTransport } from '../../dist/open-transport.js';

const endpoint = JSON.parse(process.argv[2]);
const networkAllow = [{ cidr: '127.0.0.0/8', fromPort: 1, toPort: 65_535 }];
const { signal } = new AbortController();
const opened = openTransport(
  { ...endpoint, password: new Secret(endpoint.password) },
  { networkAllow, signal, side: 'target' },
);
process.stdout.write(
  await opened.then(
    (transport) => transport.close().then(() => 'opened'),
    (error) => error.kind,
  ),
);
