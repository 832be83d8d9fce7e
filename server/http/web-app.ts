import { fileURLToPath } from "node:url";
import type { Application, RequestHandler } from "express";
import sirv from "sirv";

const FOLDER = fileURLToPath(new URL("../../client-sdk/demo/dist/", import.meta.url));

/** Serves the built page at `/`, compressed as it was built; hashed files may be kept for ever. */
export function mountWebApp(app: Application): void {
  const serve = sirv(FOLDER, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, path) {
      const hashed = /-[A-Z0-9]{8}\.\w+$/.test(path);
      response.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.use(serve as RequestHandler);
}
