/**
 * What this version speaks. Raised only when a client written for the number before would misunderstand the server;
 * a new field, message or route does not raise it.
 */
export const PROTOCOL = 1;

/** The header of every HTTP answer that says what the server speaks. */
export const PROTOCOL_HEADER = "Parley-Protocol";
