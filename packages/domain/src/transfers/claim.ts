/** What a worker holds of a transfer that is its own for the time of the lease. */
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import type { AuditObject } from '../audit/append-event.js';
import type { Lease } from './lease.js';
import type { Resend } from './resend-transfer.js';

export interface Claim {
  lease: Lease;
  snapshot: RouteSnapshot;
  /** As audit events name it. */
  object: AuditObject;
  partnerId: string | null;
  /** What it sends again; null where it is no repetition. */
  resend: Resend | null;
  /** As far as the row says; where the run's progress begins. */
  movedBytes: number;
  /** Somebody asked to end it while no worker had it. */
  cancelRequested: boolean;
  /** No file may be sent any more: the worker has died with this transfer too often. */
  exhausted: boolean;
}
