/**
 * Answers only to names of its own. Otherwise a page of another site could have its name resolve to this machine and
 * talk to Waybill as if it came from there (DNS rebinding), and what compares with the Host header would believe it.
 */
import { Problem } from '@waybill/domain/problem.js';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../config.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);
/** Monitors ask by address, each process by itself; nothing there is let in by what a browser sends along. */
const FOR_MONITORS = new Set(['/healthz', '/readyz', '/metrics']);
const MAX_SHOWN = 100;

/**
 * Own names are those of loopback and the configured address, each with the port that is listened on, and the host of
 * the public URL. Throws Problem `wrong_host` for every other one.
 */
export function ownHosts(config: Pick<Config, 'host' | 'publicUrl'>) {
  let hosts: Set<string> | undefined;
  return (request: Request, _response: Response, next: NextFunction): void => {
    hosts ??= hostsOf(config, request.socket.localPort ?? 0);
    const host = (request.get('host') ?? '').toLowerCase();
    if (hosts.has(host) || FOR_MONITORS.has(request.path)) return next();
    const [first] = hosts;
    next(
      new Problem(
        'wrong_host',
        `It was sent to "${host.slice(0, MAX_SHOWN)}". On this machine, use ${first}. For any other name, ` +
          'set WAYBILL_PUBLIC_URL to the address that people type.',
      ),
    );
  };
}

function hostsOf({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>, port: number): Set<string> {
  const configured = ANY_ADDRESS.has(host) ? [] : [host.includes(':') ? `[${host}]` : host];
  const urls = [...LOOPBACK, ...configured].map((name) => `http://${name}:${port}`);
  return new Set([...urls, ...(publicUrl === null ? [] : [publicUrl])].flatMap(headersOf));
}

/** How a Host header names the place of a URL: a port that goes without saying may be said. */
function headersOf(url: string): string[] {
  const { host, port, protocol } = new URL(url);
  return port === '' ? [host, `${host}:${protocol === 'https:' ? 443 : 80}`] : [host];
}
