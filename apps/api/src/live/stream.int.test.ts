import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import type { LiveEvent } from '@waybill/contracts/live.js';
import type { Response } from 'express';
import type { Listener } from './live.js';
import { streamLive } from './stream.js';

const EVENT: LiveEvent = { kind: 'endpoint_test', endpointTestId: '00000000-0000-7000-8000-000000000001' };

test('a stream that has ended while its reader takes nothing is not written to any more, and is let go', async () => {
  const listeners: Listener[] = [];
  const live = {
    heartbeatMs: 10,
    subscribe: (listener: Listener) => {
      listeners.push(listener);
      return () => undefined;
    },
    count: () => listeners.length,
    close: () => Promise.resolve(),
  };
  const server = createServer((_request, response) => {
    streamLive(response as ServerResponse as Response, {
      live,
      query: {},
      mayGoOn: () => Promise.resolve(true),
      onEnd: () => undefined,
    });
    server.emit('streaming', response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  reader.pause();
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [response] = (await once(server, 'streaming')) as [ServerResponse];
  const [listener] = listeners;
  try {
    while (response.writableLength === 0) {
      for (let count = 0; count < 500; count += 1) listener?.hear(EVENT);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const faults: Error[] = [];
    response.on('error', (error) => faults.push(error));
    listener?.end();
    listener?.hear(EVENT);
    // A few heartbeats.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(faults).toEqual([]);
    expect(response.writableEnded).toBe(true);
    expect(response.destroyed).toBe(true);
  } finally {
    reader.destroy();
    server.close();
  }
});
