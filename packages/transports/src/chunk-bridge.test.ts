import { describe, expect, test } from '@jest/globals';
import { createChunkBridge } from './chunk-bridge.js';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the bridge between a pushing and a pulling side', () => {
  test('passes chunks in order and ends', async () => {
    const bridge = createChunkBridge();
    const pushing = (async () => {
      for (const byte of [1, 2, 3]) await bridge.push(Uint8Array.of(byte));
      bridge.end();
    })();
    const got: number[] = [];
    for await (const chunk of bridge.chunks) got.push(...chunk);
    await pushing;
    expect(got).toEqual([1, 2, 3]);
  });

  test('lets a push return only when the puller asks for more', async () => {
    const bridge = createChunkBridge();
    const puller = bridge.chunks[Symbol.asyncIterator]();
    let done = false;
    const pushing = bridge.push(Uint8Array.of(1)).then(() => (done = true));
    await puller.next();
    await tick();
    expect(done).toBe(false);
    const last = puller.next();
    await pushing;
    bridge.end();
    expect((await last).done).toBe(true);
  });

  test('gives the error of one side to the other', async () => {
    const bridge = createChunkBridge();
    const puller = bridge.chunks[Symbol.asyncIterator]();
    const waiting = puller.next();
    bridge.fail(new Error('source broke'));
    await expect(waiting).rejects.toThrow('source broke');
    await expect(bridge.push(Uint8Array.of(1))).rejects.toThrow('source broke');
    expect(bridge.abandoned).toBe(false);
  });

  test('frees the pusher when the puller stops early', async () => {
    const bridge = createChunkBridge();
    const pushing = bridge.push(Uint8Array.of(1));
    for await (const chunk of bridge.chunks) {
      expect(chunk).toHaveLength(1);
      break;
    }
    await expect(pushing).rejects.toThrow('because the target failed');
    expect(bridge.abandoned).toBe(true);
  });
});
