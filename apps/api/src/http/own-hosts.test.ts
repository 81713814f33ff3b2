import { expect, test } from '@jest/globals';
import { Problem } from '@waybill/domain/problem.js';
import type { Request, Response } from 'express';
import { ownHosts } from './own-hosts.js';

/** Whether a request that names this host is let through. */
function passes(host: string | undefined, config: Partial<Parameters<typeof ownHosts>[0]> = {}, port = 8470) {
  const request = { get: () => host, path: '/', socket: { localPort: port } } as unknown as Request;
  let outcome: unknown = 'not called';
  ownHosts({ host: '127.0.0.1', publicUrl: null, ...config })(request, {} as Response, (error) => {
    outcome = error;
  });
  if (outcome instanceof Problem) expect(outcome.code).toBe('wrong_host');
  else expect(outcome).toBeUndefined();
  return outcome === undefined;
}

test('names of loopback are our own, with the port that is listened on', () => {
  for (const host of ['localhost:8470', '127.0.0.1:8470', '[::1]:8470', 'LocalHost:8470'])
    expect([host, passes(host)]).toEqual([host, true]);
  expect(passes('localhost', {}, 80)).toBe(true);
  for (const host of [undefined, '', 'localhost', 'localhost:80', '127.0.0.1:8471', 'evil.example:8470'])
    expect([host, passes(host)]).toEqual([host, false]);
  for (const host of [
    'localhost.evil.example:8470',
    'evil@localhost:8470',
    'localhost:8470/x',
    '127.0.0.1.:8470',
  ])
    expect([host, passes(host)]).toEqual([host, false]);
});

test('so are the host of the public URL and a configured address, but not every address of the machine', () => {
  const proxied = { publicUrl: 'https://mft.example.com/' };
  for (const host of ['mft.example.com', 'MFT.example.com', 'mft.example.com:443', 'localhost:8470'])
    expect([host, passes(host, proxied)]).toEqual([host, true]);
  for (const host of ['mft.example.com:8470', 'mft.example.com:80', 'x.mft.example.com', 'example.com'])
    expect([host, passes(host, proxied)]).toEqual([host, false]);
  expect(passes('mft.example.com:8443', { publicUrl: 'https://mft.example.com:8443' })).toBe(true);
  expect(passes('192.0.2.7:8470', { host: '192.0.2.7' })).toBe(true);
  expect(passes('[2001:db8::7]:8470', { host: '2001:db8:0::7' })).toBe(true);
  expect(passes('192.0.2.7:8470', { host: '0.0.0.0' })).toBe(false);
  expect(passes('0.0.0.0:8470', { host: '0.0.0.0' })).toBe(false);
});
