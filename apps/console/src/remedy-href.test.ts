import { expect, test } from '@jest/globals';
import { remedyHref } from './remedy-href.js';

const failed = (failureKind: string, endpointId?: string) =>
  remedyHref({
    failureKind,
    route: { id: 'r', name: 'Route' },
    failedEnd: endpointId === undefined ? null : { side: 'target', endpointId, endpointName: 'End' },
  });

test('a refused login leads to the password of the endpoint that refused it', () => {
  expect(failed('login_refused', 'e')).toBe('/endpoints/e/edit?field=password');
});

test('where it is not known which endpoint it was, nobody is sent to one', () => {
  expect([failed('login_refused'), failed('connect_failed')]).toEqual([null, null]);
});

test('a hold leads to what is on hold', () => {
  expect([failed('endpoint_held', 'e'), failed('endpoint_held'), failed('route_held')]).toEqual([
    '/endpoints/e',
    '/endpoints?held=true',
    '/routes/r',
  ]);
});
