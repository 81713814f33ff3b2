import { expect, test } from '@jest/globals';
import { completeOptions, type FtpsServerOptions } from './server-options.js';

const good: FtpsServerOptions = {
  mode: 'explicit',
  root: '/nowhere',
  users: [{ name: 'u', password: 'p' }],
  tls: { key: '', cert: '' },
};

test('what is not said is safe: loopback, session reuse required', () => {
  expect(completeOptions(good)).toMatchObject({ host: '127.0.0.1', port: 0, requireSessionReuse: true });
});

test('an address that others can reach is refused', () => {
  for (const host of ['0.0.0.0', '192.0.2.1', '::', '127.0.0.1.example.com', 'localhost']) {
    expect(() => completeOptions({ ...good, host })).toThrow(/host must be an IP address|loopback only/);
  }
  expect(completeOptions({ ...good, host: '::1' }).host).toBe('::1');
});

test('a server that anybody could enter is refused', () => {
  expect(() => completeOptions({ ...good, users: [] })).toThrow('At least one user');
  expect(() => completeOptions({ ...good, users: [{ name: 'u', password: '' }] })).toThrow(
    'a name and a password',
  );
});

test('a range of ports must be one', () => {
  for (const passivePorts of [
    { from: 0, to: 5 },
    { from: 9, to: 8 },
    { from: 1, to: 65536 },
  ]) {
    expect(() => completeOptions({ ...good, passivePorts })).toThrow('passivePorts');
  }
});
