/** Shows the first bytes that a client sends, and passes all on. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { toEnd } from './hostile-partner.js';

export async function watchHello(port: number, onHello: (hello: Buffer) => void): Promise<{ port: number }> {
  const server = createServer((client) => {
    const onward = connect({ host: '127.0.0.1', port });
    client.once('data', onHello);
    client.pipe(onward).pipe(client);
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  toEnd.push(async () => void server.close());
  return { port: (server.address() as AddressInfo).port };
}
