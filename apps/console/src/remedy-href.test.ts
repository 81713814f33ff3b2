import { expect, test } from '@jest/globals';
import { remedyHref } from './remedy-href.js';

const failed = (failureKind: string, endpointId?: string, failureText = '') =>
  remedyHref({
    failureKind,
    failureText,
    route: { id: 'r', name: 'Route' },
    failedEnd:
      endpointId === undefined ? null : { side: 'target', endpointId, endpointName: 'End', isLocal: false },
  });

test.each([
  ['login_refused', 'password'],
  ['certificate_untrusted', 'trust.mode'],
  ['certificate_wrong_host', 'trust.serverName'],
])('%s leads to the field %s of the endpoint that failed', (kind, field) => {
  expect(failed(kind, 'e')).toBe(`/endpoints/e/edit?field=${field}`);
});

test('where it is not known which endpoint it was, nobody is sent to one', () => {
  expect([failed('login_refused'), failed('connect_failed')]).toEqual([null, null]);
});

test('what needs an exception leads to the form that asks for one', () => {
  expect(failed('exception_needed', 'e')).toBe('/exceptions/new?endpointId=e');
});

test('a hold leads to what is on hold', () => {
  expect([failed('endpoint_held', 'e'), failed('endpoint_held'), failed('route_held')]).toEqual([
    '/endpoints/e',
    '/endpoints?held=true',
    '/routes/r',
  ]);
});

test.each([
  ['The address 10.0.0.5, port 21, belongs to', '?address=10.0.0.5&port=21&note=End'],
  ['The address fd00::5, port 990, belongs to', '?address=fd00%3A%3A5&port=990&note=End'],
  ['The address bank.intern (10.0.0.5, 10.0.0.6), port 21, belongs to', '?address=10.0.0.5&port=21&note=End'],
  ['No address is told', '?note=End'],
])('a refused address is allowed on a form that knows it: %s', (text, filled) => {
  expect(failed('address_refused', 'e', text)).toBe(`/network/new${filled}`);
});
