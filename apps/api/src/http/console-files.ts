/** Serves the console: its files as they are, and its page for every address that is not the API's. */
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response, Router } from 'express';

/** In any case of letters, as the router takes them. */
const API_PATHS = /^\/(?:api|healthz|readyz|metrics)(?:\/|$)/i;

/** @param folder where the console was built to */
export function consoleFiles(folder: string): Router {
  const router = Router();
  router.use((request: Request, response: Response, next: NextFunction) => {
    if (API_PATHS.test(request.path)) response.setHeader('Cache-Control', 'no-store');
    next(API_PATHS.test(request.path) ? 'router' : undefined);
  });
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders(response, path) {
        // Vite puts a hash of the content into the names below assets, so they never change.
        const isHashed = path.startsWith(join(folder, 'assets'));
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.get(/(.*)/, (request: Request, response: Response, next: NextFunction) => {
    // A file that is not there is not a page: a stale tab must not get HTML for a script.
    if (/\.[a-z0-9]{2,5}$/i.test(request.path)) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(join(folder, 'index.html'), (error) => {
      if (error && !response.headersSent) next();
    });
  });
  return router;
}
