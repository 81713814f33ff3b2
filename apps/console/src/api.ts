/** The only place that fetches: one typed client for the API, made for TanStack Query. */
import { QueryClient, keepPreviousData } from '@tanstack/react-query';
import { createApiClient } from '@waybill/api-client/client.js';
import type { ProblemBody, ProblemCode } from '@waybill/contracts/problems.js';
import createQueryHooks from 'openapi-react-query';

/** What the API, or the way to it, answered instead of an answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ProblemCode | 'unreachable';
  readonly problem: ProblemBody | null;

  constructor(problem: ProblemBody | null, cause?: unknown) {
    super(problem === null ? 'Waybill cannot be reached' : problem.title, { cause });
    this.code = problem?.code ?? 'unreachable';
    this.problem = problem;
  }
}

async function readProblem(response: Response): Promise<ProblemBody> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) return (await response.json()) as ProblemBody;
  return {
    type: 'about:blank',
    title: `The server answered ${response.status}`,
    status: response.status,
    code: response.status === 401 ? 'not_signed_in' : 'internal',
  };
}

/** After this long without a key, a click or a touch, what the page asks for by itself is no activity. */
const IDLE_AFTER_MS = 60_000;
let lastTouchAt = Date.now();
for (const touch of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
  window.addEventListener(touch, () => (lastTouchAt = Date.now()), { passive: true, capture: true });

let onSessionEnd: (() => void) | null = null;

/** Says what happens when the API answers that nobody is signed in. */
export function whenSessionEnds(callback: () => void): void {
  onSessionEnd = callback;
}

const fetchClient = createApiClient({ baseUrl: window.location.origin, credentials: 'same-origin' });
fetchClient.use({
  onRequest({ request }) {
    // A page that is left open must not keep its session alive (PCI DSS 8.2.8).
    if (Date.now() - lastTouchAt > IDLE_AFTER_MS) request.headers.set('x-background', '1');
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const error = new ApiError(await readProblem(response));
    if (error.code === 'not_signed_in') onSessionEnd?.();
    throw error;
  },
  onError({ error }) {
    return error instanceof ApiError ? error : new ApiError(null, error);
  },
});

const hooks = createQueryHooks(fetchClient);

export const client = fetchClient;
/** Hooks for reading. A list read page by page is kept apart in the cache from one page of the same list. */
export const api = {
  ...hooks,
  useInfiniteQuery: ((method, path, init, options) =>
    hooks.useInfiniteQuery(
      method,
      path,
      { ...init, byCursor: true } as typeof init,
      options,
    )) as typeof hooks.useInfiniteQuery,
};

const worthAnotherTry = (error: Error): boolean =>
  !(error instanceof ApiError) || error.code === 'unreachable' || error.problem?.status === 503;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && worthAnotherTry(error),
    },
  },
});

/** Everything that was read below these paths is read again; after a change. */
export async function refresh(...paths: string[]): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      typeof queryKey[1] === 'string' && paths.some((path) => (queryKey[1] as string).startsWith(path)),
  });
}

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** The options of every list that goes on by cursor. */
export const byCursor = {
  pageParamName: 'cursor',
  // Null, because openapi-react-query makes a 0 of undefined; null is not sent.
  initialPageParam: null as unknown,
  placeholderData: keepPreviousData,
  getNextPageParam: (page: unknown): string | undefined => (page as Page<unknown>).nextCursor ?? undefined,
};

/** All rows of a list that were read so far. */
export const rowsOf = <Item>(data: { pages: (Page<Item> | undefined)[] } | undefined): Item[] =>
  data?.pages.flatMap((page) => page?.items ?? []) ?? [];
