import { fileURLToPath } from "node:url";
import type { Application, RequestHandler } from "express";
import sirv from "sirv";

const FOLDER = fileURLToPath(new URL("../../client-sdk/demo/dist/", import.meta.url));

/** Serves the built pages at `/` and `/admin`, compressed as they were built. */
export function mountWebApp(app: Application): void {
  const serve = sirv(FOLDER, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, path) {
      response.setHeader("Cache-Control", toCacheControl(path));
    },
  });
  app.use(serve as RequestHandler);
}

/** Hashed files may be kept for ever; the operator's page is not kept at all. */
function toCacheControl(path: string): string {
  if (/-[A-Z0-9]{8}\.\w+$/.test(path)) return "public, max-age=31536000, immutable";
  return path.startsWith("/admin") ? "no-store" : "no-cache";
}
