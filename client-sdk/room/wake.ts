/**
 * Calls `run` when the device may have been away: the page shown again, the network back. Never calls in Node. The
 * returned function ends it.
 */
export function onWake(run: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const onVisible = () => {
    if (document.visibilityState === "visible") run();
  };
  document.addEventListener("visibilitychange", onVisible);
  addEventListener("online", run);
  addEventListener("pageshow", run);
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    removeEventListener("online", run);
    removeEventListener("pageshow", run);
  };
}
