import type { Request } from 'express';

/** A part of Express' router; its types leave out that a layer can be asked whether a path is its own. */
type Layer = Request['app']['router']['stack'][number] & { match(path: string): boolean };

/** The methods that the address of a request knows, as the header Allow lists them (RFC 9110 §10.2.1). */
export function allowedMethods(request: Request): string[] {
  const layers = request.app.router.stack as Layer[];
  const routes = layers.flatMap((layer) => (layer.route && layer.match(request.path) ? [layer.route] : []));
  const methods = routes.flatMap(({ stack }) => stack.map(({ method }) => method.toUpperCase()));
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}
