/**
 * Run as a process of its own, on the build: moves the file "zeros" through a session in each direction and
 * prints the peak of its memory in MiB. The endpoint and the local root come as JSON in the first argument.
 */
import { Secret } from '@waybill/vault/secret.js';
import { moveFile } from '../../dist/move-file.js';
import { openTransport } from '../../dist/open-transport.js';

const { root, endpoint } = JSON.parse(process.argv[2]);
const { signal } = new AbortController();
const networkAllow = [{ cidr: '127.0.0.0/8', fromPort: 1, toPort: 65_535 }];
const remote = await openTransport(
  { ...endpoint, password: new Secret(endpoint.password) },
  { networkAllow, signal, side: 'target' },
);
const local = await openTransport(
  { protocol: 'local_folder', root, rootName: 'files' },
  { networkAllow, signal, side: 'source' },
);
const move = (source, sourcePath, target, targetPath) =>
  moveFile({
    source,
    sourcePath,
    target,
    targetPath,
    temporaryPath: `${targetPath}.part`,
    ifExists: 'replace',
    expected: { sizeBytes: null, modifiedAt: null },
    signal,
    reopenTarget: () => Promise.reject(new Error('not needed')),
  });
await move(local, '/zeros', remote, '/up');
await move(remote, '/up', local, '/down');
await remote.close();
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
