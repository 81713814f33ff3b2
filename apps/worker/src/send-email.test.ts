import { expect, test } from '@jest/globals';
import { needsTls } from './send-email.js';

test('a mail server that gets a password must offer TLS, unless it is this machine', () => {
  const urls = [
    'smtp://u:p@mail.example.com:587',
    'smtp://mail.example.com',
    'smtp://u:p@127.0.0.1',
    'smtp://u:p@[::1]',
  ];
  expect(urls.map(needsTls)).toEqual([true, false, false, false]);
});
