import { describe, expect, test } from '@jest/globals';
import { Pace, paceOf, paced } from './bandwidth.js';

const settings = { bandwidthKibPerSecond: 100 };

describe('the pace', () => {
  test('is kept to on average by whoever holds still as long as told', () => {
    const pace = new Pace(100_000);
    let now = 1_000_000;
    const startedAt = now;
    let bytes = 0;
    for (let piece = 0; piece < 1000; piece += 1) {
      bytes += 3000;
      now += pace.spend(3000, now);
    }
    const bytesPerSecond = (bytes * 1000) / (now - startedAt);
    expect(bytesPerSecond).toBeGreaterThan(99_000);
    expect(bytesPerSecond).toBeLessThan(101_000);
  });

  test('is one for all who share it', () => {
    const pace = new Pace(100_000);
    const waits = Array.from({ length: 10 }, () => pace.spend(10_000, 1_000_000));
    // The first finds what was not used in the last moment.
    expect(waits).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  test('lets nobody catch up on what was not used long ago', () => {
    const pace = new Pace(100_000);
    pace.spend(10_000, 1_000_000);
    expect(pace.spend(20_000, 9_000_000)).toBe(100);
  });

  test('is one for an endpoint and a direction, and follows its settings', () => {
    const up = paceOf('up', { id: 'a', settings });
    expect(paceOf('up', { id: 'a', settings })).toBe(up);
    expect(paceOf('down', { id: 'a', settings })).not.toBe(up);
    expect(paceOf('up', { id: 'b', settings })).not.toBe(up);
    expect(paceOf('up', { settings })).not.toBe(paceOf('up', { settings }));
    expect(up?.bytesPerSecond).toBe(102_400);
    expect(paceOf('up', { id: 'a', settings: { bandwidthKibPerSecond: 1 } })?.bytesPerSecond).toBe(1024);
    expect(paceOf('up', { id: 'a', settings: { bandwidthKibPerSecond: null } })).toBeNull();
  });

  test('passes every byte on in its order, in small pieces', async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    const pieces: Uint8Array[] = [];
    async function* source() {
      yield bytes.subarray(0, 4000);
      yield bytes.subarray(4000);
    }
    for await (const piece of paced(source(), new Pace(20_000), new AbortController().signal))
      pieces.push(piece);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(2000);
  });

  test('ends at once with its signal', async () => {
    async function* source() {
      yield Buffer.alloc(1_000_000);
    }
    const flow = paced(source(), new Pace(10), AbortSignal.timeout(20));
    await expect(flow.next()).rejects.toThrow(/abort/i);
  });
});
