import { Body, Controller, Delete, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type CertificateImport,
  type CertificateQuery,
  certificate,
  certificateImport,
  certificatePage,
  certificateQuery,
} from '@waybill/contracts/certificates.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  deleteCertificate,
  getCertificate,
  importCertificate,
  importOwnCertificate,
  listCertificates,
} from '@waybill/domain/trust/certificates.js';
import type { Seal } from '@waybill/vault/seal.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE, SEAL } from './tokens.js';

@Controller('api/v1/certificates')
export class CertificatesController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SEAL) private readonly seal: Seal,
  ) {}

  @Get()
  @Can('certificate:read')
  @Returns(certificatePage)
  @ApiOperation({ summary: 'List certificates and pinned keys, by name' })
  listCertificates(@Query({ schema: certificateQuery }) query: CertificateQuery) {
    return listCertificates(this.database, query);
  }

  @Post()
  @Can('certificate:write')
  @Returns(certificate, 201)
  @ApiOperation({
    summary: 'Import the certificate of a CA, a key to pin, or a certificate of ours with its key',
  })
  importCertificate(
    @CurrentActor() actor: Actor,
    @Body({ schema: certificateImport }) body: CertificateImport,
  ) {
    const { kind } = body;
    return inTransaction(this.database, (tx) =>
      kind === 'client'
        ? importOwnCertificate(tx, actor, body, this.seal)
        : importCertificate(tx, actor, { ...body, kind }),
    );
  }

  @Get(':id')
  @Can('certificate:read')
  @Returns(certificate)
  @ApiOperation({ summary: 'Read a certificate' })
  getCertificate(@Id() id: string) {
    return getCertificate(this.database, id);
  }

  @Delete(':id')
  @Can('certificate:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete a certificate that no endpoint trusts or shows' })
  deleteCertificate(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => deleteCertificate(tx, actor, { id }));
  }
}
