/** The cookie of a browser session. With https it carries the prefix that ties it to this host alone. */
import type { Response } from 'express';
import type { ApiRequest } from './api-request.js';

const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-waybill_session' : 'waybill_session');

export function readSessionCookie(request: ApiRequest, isSecure: boolean): string | null {
  const name = nameOf(isSecure);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}

export function setSessionCookie(
  response: Response,
  session: { token: string; expiresAt: Date },
  isSecure: boolean,
): void {
  response.cookie(nameOf(isSecure), session.token, { ...attributes(isSecure), expires: session.expiresAt });
}

export function clearSessionCookie(response: Response, isSecure: boolean): void {
  response.clearCookie(nameOf(isSecure), attributes(isSecure));
}

function attributes(isSecure: boolean) {
  return { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' } as const;
}
