/** Puts the API together; `main.ts` and the tests listen on what comes back. */
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { fieldMessage } from '@waybill/contracts/field-message.js';
import express from 'express';
import { z } from 'zod';
import { AppModule } from './app.module.js';
import { answerBroken } from './http/broken-requests.js';
import { consoleFiles } from './http/console-files.js';
import { ownHosts } from './http/own-hosts.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';
import { renderDocument } from './openapi.js';
import { type ApiValues, DOCUMENT } from './tokens.js';

const MAX_BODY = '256kb';

export async function createApi(values: ApiValues): Promise<NestExpressApplication> {
  const { config, log } = values;
  z.config({ customError: fieldMessage });
  const server = express();
  server.disable('x-powered-by');
  server.disable('etag');
  server.set('query parser', 'simple');
  server.set('trust proxy', config.trustedProxies);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(values),
    new ExpressAdapter(server),
    { bodyParser: false, abortOnError: false, logger: false },
  );
  app.use(requestLog(log));
  app.use(securityHeaders(config.isSecure));
  app.use(ownHosts(config));
  app.use(consoleFiles(config.consoleDir));
  app.use(express.json({ limit: MAX_BODY, inflate: false }));
  await app.init();
  app.get<{ json: string }>(DOCUMENT).json = JSON.stringify(renderDocument(app));

  // A peer that sends slowly holds a connection for this long and no longer (RFC 9110 leaves it to us).
  const http = app.getHttpServer() as import('node:http').Server;
  http.headersTimeout = 10_000;
  http.requestTimeout = 30_000;
  http.keepAliveTimeout = 5_000;
  http.maxHeadersCount = 100;
  http.on('clientError', answerBroken);
  return app;
}
