/** Bytes of a reading as it is sent: a whole CloudEvent. */
export const READING_BYTES = 320;

/** Where the id of a reading begins: the name of its run, a dash, and nine digits. */
export const ID_AT = '{"specversion":"1.0","id":"'.length;

const PLANTS = ["osaka", "lyon", "tampa", "gdansk", "pune"];

/**
 * The `n`-th reading of a run, as structured JSON of exactly 320 bytes: 5 plants with 20 lines as sources, 1,000
 * sensors as subjects. Readings with the same run and number are equal.
 */
export function formatReading(run: string, n: number): string {
  const sensor = (n * 7919) % 1000;
  const line = sensor % 20;
  const plant = PLANTS[sensor % PLANTS.length] ?? "osaka";
  const at = new Date(1_760_000_000_000 + n).toISOString();
  const head =
    `{"specversion":"1.0","id":"${run}-${String(n).padStart(9, "0")}","source":"/plants/${plant}/line-${line}"` +
    `,"type":"plant.sensor.${sensor % 3 === 0 ? "vibration" : "climate"}","subject":"sensor-${sensor}"` +
    `,"time":"${at}","datacontenttype":"application/json","data":{"value":${((n % 9973) / 97).toFixed(4)}` +
    `,"battery":${(n % 100) / 100},"ok":${n % 50 !== 0},"trace":"`;
  const digits = (n * 2_654_435_761).toString(16).padStart(16, "0");
  const free = READING_BYTES - head.length - 3;
  if (free < 0) throw new RangeError(`Run name ${run} is too long.`);
  return `${head}${digits.repeat(Math.ceil(free / 16)).slice(0, free)}"}}`;
}
