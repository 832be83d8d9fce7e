/** The part of a structured logger that rooms use; fields first, as pino takes them. */
export interface RoomLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
