import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readEnv, SETTING_NAMES } from "./env.ts";

const example = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");

/** The settings that an `.env` text names, whether they are commented out or not. */
function settingsIn(text: string): [name: string, value: string][] {
  return [...text.matchAll(/^#?([A-Z][A-Z_]*)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
}

describe("settings", () => {
  test("nothing set gives the defaults", () => {
    expect(readEnv({})).toEqual({
      port: 3000,
      host: "127.0.0.1",
      databaseUrl: null,
      dataDir: path.resolve(".nagare"),
      retentionDays: 30,
      roles: ["web", "ingest", "worker"],
      allowedHosts: [],
      allowedTargets: [],
      publicUrl: "http://127.0.0.1:3000",
      mail: null,
      limits: { maxEventBytes: 1_048_576, maxBodyBytes: 33_554_432, maxBatchEvents: 10_000, maxDepth: 64 },
      logLevel: "info",
      logFormat: process.stdout.isTTY ? "text" : "json",
      mode: "production",
      otlp: null,
    });
  });

  test("an empty value counts as not set", () => {
    expect(readEnv({ PORT: "", DATABASE_URL: "  ", NAGARE_ROLES: "" })).toEqual(readEnv({}));
  });

  test("mail needs both a server and a sender, and their address is shown to nobody", () => {
    const smtp = {
      NAGARE_SMTP_URL: "smtps://me:pass%20word@mail.example.com",
      NAGARE_MAIL_FROM: "me@example.com",
    };
    expect(readEnv({ ...smtp, NAGARE_PUBLIC_URL: "https://console.example.com/" })).toMatchObject({
      publicUrl: "https://console.example.com",
      mail: { smtpUrl: smtp.NAGARE_SMTP_URL, from: "me@example.com" },
    });
    expect(() => readEnv({ NAGARE_MAIL_FROM: "me@example.com" })).toThrow("set together");
    expect(() => readEnv({ ...smtp, NAGARE_SMTP_URL: "https://me:secret@mail.example.com" })).toThrow(
      /^(?!.*secret).*NAGARE_SMTP_URL must be a mail server/s,
    );
  });

  test("lists are split at commas, trimmed and without repetition", () => {
    const env = readEnv({
      NAGARE_ROLES: "worker, web,worker",
      NAGARE_ALLOWED_HOSTS: "Console.Example.com,::1",
    });
    expect(env.roles).toEqual(["worker", "web"]);
    expect(env.allowedHosts).toEqual(["console.example.com", "::1"]);
  });

  test("every bad setting is named in one message", () => {
    const read = () =>
      readEnv({
        PORT: "http",
        NAGARE_RETENTION_DAYS: "0",
        NAGARE_ROLES: "web,cook",
        NAGARE_ALLOWED_HOSTS: "https://console.example.com",
        NAGARE_ALLOWED_TARGETS: "10.0.0.0/8, intranet",
        NAGARE_LOG_LEVEL: "loud",
      });
    expect(read).toThrowErrorMatchingInlineSnapshot(`
      [AppError: These settings can't be used:
        PORT must be a whole number from 0 to 65535 (it is "http")
        NAGARE_RETENTION_DAYS must be a whole number from 1 to 36500 (it is "0")
        NAGARE_ROLES may name web, ingest, worker (it is "web,cook")
        NAGARE_ALLOWED_HOSTS must be host names without scheme or port, such as console.example.com (it is "https://console.example.com")
        NAGARE_ALLOWED_TARGETS must be address ranges, such as 10.1.0.0/16 or fd00::/8 (it is "10.0.0.0/8, intranet")
        NAGARE_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent (it is "loud")]
    `);
  });

  test("a bad database address is reported without its password", () => {
    expect(() => readEnv({ DATABASE_URL: "mysql://root:secret@localhost/x" })).toThrow(
      /DATABASE_URL must begin with postgres:\/\/ or postgresql:\/\/$/,
    );
  });

  test("an event limit above the body limit is refused", () => {
    expect(() => readEnv({ NAGARE_MAX_EVENT_BYTES: "2048", NAGARE_MAX_BODY_BYTES: "1024" })).toThrow(
      /NAGARE_MAX_EVENT_BYTES must not be larger than NAGARE_MAX_BODY_BYTES/,
    );
  });

  test("npm start gets text logs, unless the setting says otherwise", () => {
    expect(readEnv({ npm_lifecycle_event: "start" }).logFormat).toBe("text");
    expect(readEnv({ npm_lifecycle_event: "start", NAGARE_LOG_FORMAT: "json" }).logFormat).toBe("json");
  });
});

describe(".env.example", () => {
  test("lists every setting, in order, and no other", () => {
    expect(settingsIn(example).map(([name]) => name)).toEqual(SETTING_NAMES);
  });

  test("what it sets is the default", () => {
    const active = example.replaceAll(/^#.*$/gm, "");
    expect(readEnv(Object.fromEntries(settingsIn(active)))).toEqual(readEnv({}));
  });
});

describe("docs/operations.md", () => {
  test("has every setting in its table, in order, with its default", () => {
    const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `([A-Z][A-Z_]*)` +\| (?:`([^`]*)`)? *\|/gm)];
    expect(rows.map(([, name]) => name)).toEqual(SETTING_NAMES);
    expect(readEnv(Object.fromEntries(rows.map(([, name, value]) => [name, value])))).toEqual(readEnv({}));
  });
});
