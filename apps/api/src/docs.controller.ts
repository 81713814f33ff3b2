import { join } from 'node:path';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from './http/can.js';
import { DOCUMENT } from './tokens.js';

/** Static files beside the code; the path is the same from src/ and from dist/. */
const WHOLE = { root: join(import.meta.dirname, '../docs-page'), acceptRanges: false };

/** The document of the API, and a page to read it. Open to all: it says what the source says. */
@Controller('api')
export class DocsController {
  constructor(@Inject(DOCUMENT) private readonly document: { json: string }) {}

  @Get('openapi.json')
  @Open()
  @ApiResponse({ status: 200, description: 'OpenAPI 3.0.', schema: { type: 'object' } })
  @ApiOperation({ summary: 'This document' })
  getDocument(@Res() response: Response): void {
    response.type('application/json').send(this.document.json);
  }

  @Get('docs')
  @Open()
  @ApiExcludeEndpoint()
  getPage(@Res() response: Response): void {
    response.sendFile('page.html', WHOLE);
  }

  @Get('docs/page.js')
  @Open()
  @ApiExcludeEndpoint()
  getScript(@Res() response: Response): void {
    response.sendFile('page.js', WHOLE);
  }

  @Get('docs/page.css')
  @Open()
  @ApiExcludeEndpoint()
  getStyle(@Res() response: Response): void {
    response.sendFile('page.css', WHOLE);
  }
}
