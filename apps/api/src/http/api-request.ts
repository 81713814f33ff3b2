import type { Actor } from '@waybill/domain/actor.js';
import type { Request } from 'express';

/** A request on its way through the API. */
export interface ApiRequest extends Request {
  /** Also in the header X-Request-Id of the answer, in the log and in audit events. */
  requestId: string;
  /** Set by the guard for every operation, the open ones included. */
  actor?: Actor;
  /** When the browser session ends, for a person. */
  sessionEndsAt?: Date;
}
