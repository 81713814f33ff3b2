/**
 * Keeps other sites from acting with a person's cookie (CSRF). SameSite=Strict does most of it; this refuses what a
 * page on another port of the same host, or an old browser, could still send.
 */
import { Problem } from '@waybill/domain/problem.js';
import type { ApiRequest } from './api-request.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * @param hasCookie whether a cookie is what lets the request in: then the browser must say where it comes from
 * @throws Problem `wrong_origin`
 */
export function refuseOtherOrigins(request: ApiRequest, hasCookie: boolean, publicUrl: string | null): void {
  if (SAFE_METHODS.has(request.method)) return;
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  if (site !== undefined && site !== 'same-origin') throw wrongOrigin(hasCookie);
  if (origin !== undefined && !isOwn(origin, request, publicUrl)) throw wrongOrigin(hasCookie);
  if (!hasCookie) return;
  if (site === undefined && origin === undefined) throw wrongOrigin(hasCookie);
  // Only a form or a script without leave can send another type, and neither is ours.
  const hasBody =
    request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw wrongOrigin(hasCookie);
}

function isOwn(origin: string, request: ApiRequest, publicUrl: string | null): boolean {
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}

function wrongOrigin(hasCookie: boolean): Problem {
  return new Problem(
    'wrong_origin',
    hasCookie
      ? 'With a session cookie, requests must come from the console itself, as JSON. Programs send an API key instead.'
      : 'The Origin or Sec-Fetch-Site header names another site. Only browsers send them: leave both out in a program.',
  );
}
