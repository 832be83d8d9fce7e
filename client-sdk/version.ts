/** Of this SDK, as reports name it: the repository's own, which a test holds it to. */
export const VERSION = "0.1.0";
