import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

describe("readConfig", () => {
  it("runs embedded and offline when nothing is set", () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 2567,
      host: "0.0.0.0",
      dataDir: ".data",
      trustProxyHops: 0,
      rateLimitScale: 1,
    });
    expect(config.mongoUri).toBeUndefined();
    expect(config.redis).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("takes an empty value for an unset one", () => {
    expect(readConfig({ PORT: "", MONGODB_URI: "" }).port).toBe(2567);
  });

  it.each([
    ["PORT", { PORT: "99999" }],
    ["PORT", { PORT: "http" }],
    ["MONGODB_URI", { MONGODB_URI: "localhost:27017" }],
    ["DATA_KEY", { DATA_KEY: "short" }],
    ["JWT_SECRET", { JWT_SECRET: "short" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["RATE_LIMIT_SCALE", { RATE_LIMIT_SCALE: "-1" }],
    ["PUBLIC_ADDRESS", { REDIS_URL: "redis://localhost:6379" }],
    ["ALLOWED_ORIGINS", { ALLOWED_ORIGINS: "https://game.example/path" }],
    ["TLS_CERT and TLS_KEY", { TLS_CERT: "cert.pem" }],
    ["TRUSTED_ISSUER and TRUSTED_AUDIENCE", { TRUSTED_JWT_SECRET: "0123456789abcdef" }],
    [
      "TRUSTED_JWKS_URL and TRUSTED_JWT_SECRET",
      {
        TRUSTED_ISSUER: "game",
        TRUSTED_AUDIENCE: "parley",
        TRUSTED_JWKS_URL: "https://game.example/jwks",
        TRUSTED_JWT_SECRET: "0123456789abcdef",
      },
    ],
  ])("names %s when it is bad", (variable, environment) => {
    expect(() => readConfig(environment)).toThrow(ConfigError);
    expect(() => readConfig(environment)).toThrow(variable);
  });

  it("never repeats a secret's value in its error", () => {
    expect(() => readConfig({ JWT_SECRET: "hunter2" })).toThrow(/^(?!.*hunter2).*JWT_SECRET/s);
  });

  it("reads a list of origins", () => {
    expect(
      readConfig({ ALLOWED_ORIGINS: "https://a.example, https://b.example:8443" }).allowedOrigins,
    ).toEqual(["https://a.example", "https://b.example:8443"]);
  });
});
