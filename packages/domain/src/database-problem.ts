/** Turns what the database refuses into a problem that a caller understands; all else passes unchanged. */
import { Prisma } from '@waybill/db/generated/prisma/client.js';
import { Problem, fieldProblem } from './problem.js';

/**
 * Runs a write and names the thing in the problem that comes of it.
 * @param what as in "A partner"
 * @throws Problem `name_taken`, `in_use`, `not_found` or `invalid_input`
 */
export async function writing<Result>(what: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw databaseProblem(what, error);
  }
}

function databaseProblem(what: string, error: unknown): unknown {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error;
  switch (error.code) {
    case 'P2002':
      return new Problem('name_taken', `${what} of that name exists. Choose another name.`, {
        cause: error,
        errors: [{ path: 'name', message: 'is taken' }],
      });
    case 'P2003':
      return new Problem('in_use', `${what} is used elsewhere, or refers to something that does not exist.`, {
        cause: error,
      });
    case 'P2025':
      return new Problem('not_found', `${what} with that id does not exist.`, { cause: error });
    case 'P2000':
      return fieldProblem('', 'a value is too long');
    default:
      return error;
  }
}
