import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ProcessMap } from "#server/domain/sagas/process-map.ts";

/** What nearly every map of one flow holds, so that little is left to be kept. Never changed: kept maps need it. */
const DICTIONARY = Buffer.from(
  String.raw`{"failed":1,"discarded":1,"dead":1,"waiting":1,"working":1,"retrying":1,"skipped":1,"[\"[\\\"service:\",[\"end\",\"compensated\"]","failed","end\\\",\\\"completed\\\"]\"]":{"flows":1,"times":1},"[\"start\",\"[\\\"service:":{"flows":1,"times":1},"[\"service:"declared","service":"service:","flows":1,"visits":1,"last":0,"compensating":1,"states":{"completed":1},"took":{"100":1},"wentOnAfter":{"80":1}},"name":"order.","service":"service:payment","flows":1,"visits":1,"last":1,"compensating":0,"states":{"completed":1},"took":{"120":1},"wentOnAfter":{}}},"branches":{"variants":{"{"flows":1,"stages":[["[\"service:","ends":{"compensated":1},"ends":{"completed":1},"took":{"140":1}}},"ends":{"completed":1}}{"flows":1,"steps":{"[\"service:`,
);
const OPTIONS = { dictionary: DICTIONARY, level: 4, windowBits: 13, memLevel: 6 };

/** The same bytes for the same map. */
export function packMap(map: ProcessMap): Buffer {
  return deflateRawSync(JSON.stringify(map), OPTIONS);
}

export function unpackMap(packed: Uint8Array): ProcessMap {
  // Packed by `packMap`.
  return JSON.parse(inflateRawSync(packed, OPTIONS).toString()) as ProcessMap;
}
