/**
 * Waits for an answer, for so long.
 * @throws Error that says who did not answer within the time
 */
export async function within<T>(timeoutMs: number, who: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`${who} did not answer within ${timeoutMs} ms.`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // After the deadline nobody waits for the answer any more, and what it says changes nothing.
    work.catch(() => undefined);
  }
}
