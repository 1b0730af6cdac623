import { existsSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { z } from "zod";
import { isAddressRange } from "#server/domain/address-guard.ts";
import { AppError } from "./errors.ts";

export const ROLES = ["web", "ingest", "worker"] as const;
export type Role = (typeof ROLES)[number];

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DAYS_IN_A_CENTURY = 36_500;
const BYTES_LIMIT = 512 * 1024 * 1024; // the longest string that Node can hold

const MAY_HOLD_PASSWORD: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "NAGARE_SMTP_URL",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
]);

const settings = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z
    .string()
    .refine(isHost, "must be a host name or an IP address, such as 127.0.0.1")
    .default("127.0.0.1"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://")
    .optional(),
  NAGARE_DATA_DIR: z.string().default(".nagare"),
  NAGARE_RETENTION_DAYS: wholeNumber(1, DAYS_IN_A_CENTURY).default(30),
  NAGARE_ROLES: listOf(z.enum(ROLES, `may name ${ROLES.join(", ")}`)).default([...ROLES]),
  NAGARE_ALLOWED_HOSTS: listOf(
    z.string().refine(isHost, "must be host names without scheme or port, such as console.example.com"),
  ).default([]),
  NAGARE_ALLOWED_TARGETS: listOf(
    z.string().refine(isAddressRange, "must be address ranges, such as 10.1.0.0/16 or fd00::/8"),
  ).default([]),
  NAGARE_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: "must be the address of the console, such as https://console.example.com",
    })
    .optional(),
  NAGARE_SMTP_URL: z
    .string()
    .refine(isSmtpUrl, "must be a mail server, such as smtp://user:password@mail.example.com:587")
    .optional(),
  NAGARE_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]*$/, "must be a mail address, such as Nagare <nagare@example.com>")
    .optional(),
  NAGARE_MAX_EVENT_BYTES: wholeNumber(1024, BYTES_LIMIT).default(1024 * 1024),
  NAGARE_MAX_BODY_BYTES: wholeNumber(1024, BYTES_LIMIT).default(32 * 1024 * 1024),
  NAGARE_MAX_BATCH_EVENTS: wholeNumber(1, 1_000_000).default(10_000),
  NAGARE_MAX_DEPTH: wholeNumber(1, 1000).default(64),
  NAGARE_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
  NAGARE_LOG_FORMAT: z.enum(["auto", "text", "json"], "must be auto, text or json").default("auto"),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(["http/protobuf", "http/json"], "must be http/protobuf or http/json")
    .default("http/protobuf"),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().default("nagare"),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, "must be a share from 0 to 1")
    .transform(Number)
    .default(1),
  NODE_ENV: z
    .enum(["production", "development", "test"], "must be production, development or test")
    .default("production"),
});

/** The names of all settings, in the order of `.env.example`. */
export const SETTING_NAMES: readonly string[] = Object.keys(settings.shape);

/** Where the program's own traces go, and how many of them. */
export type OtlpSettings = {
  url: string;
  protocol: "http/protobuf" | "http/json";
  headers: Readonly<Record<string, string>>;
  serviceName: string;
  /** Of the traces that begin here, from 0 to 1. */
  ratio: number;
};

export type Env = {
  port: number;
  host: string;
  /** Null when the server starts a Postgres of its own. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  retentionDays: number;
  roles: readonly Role[];
  /** Host names, beside the loopback ones and `host`, under which browsers may reach the server. Lower case. */
  allowedHosts: readonly string[];
  /** Private address ranges that HTTP deliveries may go to. */
  allowedTargets: readonly string[];
  /** Where people open the console, for links in messages; without a slash at its end. */
  publicUrl: string;
  /** How mail is sent; null where it is not. */
  mail: { smtpUrl: string; from: string } | null;
  limits: { maxEventBytes: number; maxBodyBytes: number; maxBatchEvents: number; maxDepth: number };
  logLevel: LogLevel;
  logFormat: "text" | "json";
  mode: "production" | "development" | "test";
  /** Null where traces go nowhere. */
  otlp: OtlpSettings | null;
};

/** Parses the settings. Every bad one is named in one `invalid` error. An empty value counts as not set. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const given = Object.fromEntries(
    Object.entries(source)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value),
  );
  const parsed = settings.safeParse(given);
  const faults = parsed.success
    ? faultsAcross(parsed.data)
    : parsed.error.issues.map(({ path: [name], message }) =>
        fault(String(name), given[String(name)], message),
      );
  if (!parsed.success || faults.length > 0) {
    throw new AppError("invalid", `These settings can't be used:\n${[...new Set(faults)].join("\n")}`);
  }

  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: path.resolve(values.NAGARE_DATA_DIR),
    retentionDays: values.NAGARE_RETENTION_DAYS,
    roles: values.NAGARE_ROLES,
    allowedHosts: values.NAGARE_ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    allowedTargets: values.NAGARE_ALLOWED_TARGETS,
    publicUrl: (values.NAGARE_PUBLIC_URL ?? ownUrl(values.HOST, values.PORT)).replace(/\/+$/, ""),
    mail:
      values.NAGARE_SMTP_URL === undefined || values.NAGARE_MAIL_FROM === undefined
        ? null
        : { smtpUrl: values.NAGARE_SMTP_URL, from: values.NAGARE_MAIL_FROM },
    limits: {
      maxEventBytes: values.NAGARE_MAX_EVENT_BYTES,
      maxBodyBytes: values.NAGARE_MAX_BODY_BYTES,
      maxBatchEvents: values.NAGARE_MAX_BATCH_EVENTS,
      maxDepth: values.NAGARE_MAX_DEPTH,
    },
    logLevel: values.NAGARE_LOG_LEVEL,
    logFormat: values.NAGARE_LOG_FORMAT === "auto" ? chooseLogFormat(source) : values.NAGARE_LOG_FORMAT,
    mode: values.NODE_ENV,
    otlp: otlpOf(values),
  };
}

/** Adds the settings of a `.env` file, if there is one, to those of the process, which win. For entry points only. */
export function loadEnvFile(file: string): void {
  if (!existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw new AppError("invalid", `${file} can't be read. Check that it is a text file this user may read.`, {
      cause,
    });
  }
}

/** Development mode, whatever NODE_ENV says: for this process, Next included, which looks at the same setting. */
export function chooseDevelopment(): void {
  Object.assign(process.env, { NODE_ENV: "development" });
}

function chooseLogFormat(source: Readonly<Record<string, string | undefined>>): "text" | "json" {
  const isForPeople = process.stdout.isTTY || ["start", "dev"].includes(source.npm_lifecycle_event ?? "");
  return isForPeople ? "text" : "json";
}

function otlpOf(values: z.output<typeof settings>): OtlpSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = values;
  if (base === undefined && whole === undefined) return null;
  return {
    url: whole ?? `${base?.replace(/\/+$/, "")}/v1/traces`,
    protocol: values.OTEL_EXPORTER_OTLP_PROTOCOL,
    headers: headersOf(values.OTEL_EXPORTER_OTLP_HEADERS ?? ""),
    serviceName: values.OTEL_SERVICE_NAME,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** `name=value` pairs with commas between them, percent-encoded, as OpenTelemetry writes them. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair));
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair === null ? [] : [[pair[1], decoded(pair[2] ?? "")]])),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function faultsAcross(values: z.output<typeof settings>): string[] {
  const faults: string[] = [];
  if (values.NAGARE_MAX_EVENT_BYTES > values.NAGARE_MAX_BODY_BYTES) {
    faults.push("  NAGARE_MAX_EVENT_BYTES must not be larger than NAGARE_MAX_BODY_BYTES");
  }
  if ((values.NAGARE_SMTP_URL === undefined) !== (values.NAGARE_MAIL_FROM === undefined)) {
    faults.push("  NAGARE_SMTP_URL and NAGARE_MAIL_FROM must be set together");
  }
  return faults;
}

function fault(name: string, value: string | undefined, message: string): string {
  return `  ${name} ${message}${MAY_HOLD_PASSWORD.has(name) ? "" : ` (it is "${value}")`}`;
}

function httpUrl() {
  const isOne = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text);
  return z.string().refine(isOne, "must be an http:// or https:// address");
}

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function listOf<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((text) =>
      [...new Set(text.split(",").map((part) => part.trim()))].filter((part) => part !== ""),
    )
    .pipe(z.array(item).min(1, "must name at least one, separated by commas"));
}

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9_]([a-z0-9_.-]{0,252})$/i.test(text);
}

function isSmtpUrl(text: string): boolean {
  return URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== "";
}

function ownUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
