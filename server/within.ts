import { ApiError } from "./http/api-error.ts";

/**
 * What `work` gives, if it gives it in time; the work itself goes on.
 * @throws ApiError 503 when it does not
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = (): void =>
      reject(
        new ApiError(503, "unavailable", "That takes too long just now; try again.", { retryAfterMs: 2000 }),
      );
    timer = setTimeout(refuse, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
