import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { localRoots } from '@waybill/contracts/endpoints.js';
import type { Config } from './config.js';
import { Can } from './http/can.js';
import { Returns } from './http/returns.js';
import { CONFIG } from './tokens.js';

/** The folders of this machine that endpoints may use, by name; where they are is nobody's business here. */
@Controller('api/v1/local-roots')
export class LocalRootsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @Can('endpoint:read')
  @Returns(localRoots)
  @ApiOperation({ summary: 'List the local roots that are configured' })
  listLocalRoots() {
    return { items: this.config.localRoots.map(({ name }) => ({ name })) };
  }
}
