import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import type { LiveEvent } from '@waybill/contracts/live.js';
import type { Response } from 'express';
import type { Listener } from './live.js';
import { streamLive } from './stream.js';

const EVENT: LiveEvent = { kind: 'endpoint_test', endpointTestId: '00000000-0000-7000-8000-000000000001' };

/** What the tests listen with: nothing is told, and who listens can be counted. */
function quietLive() {
  const listeners = new Set<Listener>();
  return {
    listeners,
    heartbeatMs: 10,
    subscribe(listener: Listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    count: () => listeners.size,
    close: () => Promise.resolve(),
  };
}

test('a reader that has gone before its stream begins leaves no stream behind', async () => {
  const live = quietLive();
  let ends = 0;
  const server = createServer((_request, response) => {
    response.on('close', () => {
      streamLive(response as ServerResponse as Response, {
        live,
        query: {},
        actorId: '',
        mayGoOn: () => Promise.resolve(true),
        onEnd: () => void (ends += 1),
      });
      server.emit('gone');
    });
    server.emit('asked');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const asked = once(server, 'asked');
    const gone = once(server, 'gone');
    reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    reader.destroy();
    await gone;
    // A few heartbeats.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ends).toBe(1);
    expect(live.count()).toBe(0);
  } finally {
    server.close();
  }
});

test('a stream that has ended while its reader takes nothing is not written to any more, and is let go', async () => {
  const live = quietLive();
  const server = createServer((_request, response) => {
    streamLive(response as ServerResponse as Response, {
      live,
      query: {},
      actorId: '',
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
  const [listener] = live.listeners;
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
