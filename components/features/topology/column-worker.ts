import { layOutInColumns } from "./column-layout.ts";
import type { ColumnAnswer, ColumnRequest } from "./layout-engine.ts";

addEventListener("message", ({ data }: MessageEvent<ColumnRequest>) => {
  const answer: ColumnAnswer = { id: data.id, places: layOutInColumns(data.scene) };
  postMessage(answer);
});
