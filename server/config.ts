import { z } from "zod";
import { ModelEnvironment, type ModelSettings } from "./config/models.ts";

const port = z.coerce.number().int().min(0).max(65535);
const httpUrl = z.url({ protocol: /^https?$/ });

/** Environment values as they arrive: all optional, empty counts as unset. */
const Environment = z.object({
  PORT: port.default(2567),
  HOST: z.string().default("0.0.0.0"),
  DATA_DIR: z.string().default(".data"),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, "must begin with mongodb:// or mongodb+srv://")
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  PUBLIC_ADDRESS: z
    .string()
    .regex(/^[^/\s]+:\d+$/, "must be host:port")
    .optional(),
  JWT_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  ADMIN_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  DATA_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, "must be 64 hexadecimal digits (32 bytes)")
    .optional(),
  TRUSTED_ISSUER: z.string().optional(),
  TRUSTED_AUDIENCE: z.string().optional(),
  TRUSTED_JWKS_URL: httpUrl.optional(),
  TRUSTED_JWT_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  ALLOWED_ORIGINS: z.string().optional(),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  RATE_LIMIT_SCALE: z.coerce.number().positive().default(1),
  PLAYBACK_SPEED: z.coerce.number().positive().max(1000).default(1),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TOPIC_FEED_URL: httpUrl.optional(),
  TOPIC_FEED_MINUTES: z.coerce.number().min(5).max(1440).default(60),
});

export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly key: { readonly jwksUrl: string } | { readonly secret: string };
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** ":memory:" keeps everything in memory (tests). */
  readonly dataDir: string;
  readonly mongoUri?: string;
  readonly redis?: { readonly url: string; readonly publicAddress: string };
  readonly secrets: {
    readonly jwtSecret?: string;
    readonly adminPassword?: string;
    readonly dataKey?: string;
  };
  readonly trusted?: TrustedIssuer;
  /** Origins allowed besides the server's own and localhost. */
  readonly allowedOrigins: readonly string[];
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly trustProxyHops: number;
  readonly rateLimitScale: number;
  /** 1 is the natural pace; load tests play faster. */
  readonly playbackSpeed: number;
  readonly logLevel: string;
  readonly feed?: { readonly url: string; readonly everyMs: number };
  readonly models: ModelSettings;
}

/** A setting that keeps the server from starting; the message names the variable and never a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the environment into a frozen configuration.
 * @throws ConfigError naming each bad variable
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(present);
  const models = ModelEnvironment.safeParse(present);
  if (!parsed.success || !models.success) {
    const issues = [...(parsed.error?.issues ?? []), ...(models.error?.issues ?? [])];
    throw new ConfigError(issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  }
  const env = parsed.data;
  const trusted = readTrustedIssuer(env);
  return Object.freeze({
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    ...(env.MONGODB_URI && { mongoUri: env.MONGODB_URI }),
    ...(env.REDIS_URL && {
      redis: { url: env.REDIS_URL, publicAddress: requirePublicAddress(env.PUBLIC_ADDRESS) },
    }),
    secrets: {
      ...(env.JWT_SECRET && { jwtSecret: env.JWT_SECRET }),
      ...(env.ADMIN_PASSWORD && { adminPassword: env.ADMIN_PASSWORD }),
      ...(env.DATA_KEY && { dataKey: env.DATA_KEY }),
    },
    ...(trusted && { trusted }),
    allowedOrigins: readOrigins(env.ALLOWED_ORIGINS),
    ...readTls(env),
    trustProxyHops: env.TRUST_PROXY,
    rateLimitScale: env.RATE_LIMIT_SCALE,
    playbackSpeed: env.PLAYBACK_SPEED,
    logLevel: env.LOG_LEVEL,
    ...(env.TOPIC_FEED_URL && {
      feed: { url: env.TOPIC_FEED_URL, everyMs: env.TOPIC_FEED_MINUTES * 60_000 },
    }),
    models: models.data,
  });
}

type Env = z.infer<typeof Environment>;

function requirePublicAddress(address: string | undefined): string {
  if (!address) throw new ConfigError("PUBLIC_ADDRESS: needed with REDIS_URL, as host:port of this process");
  return address;
}

function readTrustedIssuer(env: Env): TrustedIssuer | undefined {
  const { TRUSTED_ISSUER: issuer, TRUSTED_AUDIENCE: audience } = env;
  const { TRUSTED_JWKS_URL: jwksUrl, TRUSTED_JWT_SECRET: secret } = env;
  if (!issuer && !audience && !jwksUrl && !secret) return undefined;
  if (!issuer || !audience) throw new ConfigError("TRUSTED_ISSUER and TRUSTED_AUDIENCE: both are needed");
  if (jwksUrl && secret) throw new ConfigError("TRUSTED_JWKS_URL and TRUSTED_JWT_SECRET: set one, not both");
  if (jwksUrl) return { issuer, audience, key: { jwksUrl } };
  if (secret) return { issuer, audience, key: { secret } };
  throw new ConfigError("TRUSTED_JWKS_URL or TRUSTED_JWT_SECRET: one is needed with TRUSTED_ISSUER");
}

function readOrigins(list: string | undefined): string[] {
  return (list ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "")
    .map((origin) => {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
        throw new ConfigError("ALLOWED_ORIGINS: each must look like https://game.example, with no path");
      }
      return origin;
    });
}

function readTls(env: Env): { tls?: { certPath: string; keyPath: string } } {
  if (!env.TLS_CERT && !env.TLS_KEY) return {};
  if (!env.TLS_CERT || !env.TLS_KEY) throw new ConfigError("TLS_CERT and TLS_KEY: both are needed");
  return { tls: { certPath: env.TLS_CERT, keyPath: env.TLS_KEY } };
}
