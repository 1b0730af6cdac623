import { expect, test } from "vitest";
import { findByClass, readXml, textOf } from "#components/ui/picture/testing/read-xml.ts";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { drawSequence } from "#server/domain/sagas/sequence.ts";
import { FlowRecorder } from "#server/domain/sagas/testing/flow-recorder.ts";
import { largeFlow } from "#server/domain/sagas/testing/large-flow.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { toSequencePicture } from "./sequence-rows.ts";
import { writeSequenceSvg } from "./write-sequence-svg.ts";

function svgOf(trace: Trace) {
  const view = { hasChannels: true, order: [], hidden: [], unfolded: new Set<string>() };
  const picture = toSequencePicture(trace, drawSequence(trace), view);
  const svg = writeSequenceSvg({
    title: "A flow",
    picture,
    textOf: ({ arrow }) => ({ label: arrow.type, note: "", title: `all of ${arrow.type}`, time: "+1 ms" }),
    colourOf: () => "#000000",
  });
  return { picture, root: readXml(svg) };
}

test("the file has an arrow for every arrow of the diagram, and a head for every lifeline", () => {
  const { picture, root } = svgOf(readTrace(largeFlow("rounds", 400)));
  expect(findByClass(root, "arrow")).toHaveLength(picture.rows.length);
  expect(findByClass(root, "head").map((head) => head.children[0]?.text)).toEqual(
    picture.columns.map(({ name }) => name),
  );
  expect(Number(root.attributes.height)).toBeGreaterThan(picture.rows.length * 40);
});

test("what became of a message is told by the form of its arrow", () => {
  const flow = new FlowRecorder();
  const placed = flow.emit("shop", { type: "order.placed" });
  flow.attempt(placed, "mail").attempt(placed, "stock", { outcome: "failed", status: "dead" });
  flow.owe(placed, "points").owe(placed, "ads", "discarded");
  flow.emit("shop", { type: "order.seen", cause: placed });
  const trace = readTrace({ ...flow.recorded, services: flow.services });
  const forms = findByClass(svgOf(trace).root, "arrow").map(({ children }) =>
    children
      .filter(({ name }) => name === "path")
      .map(({ attributes }) => attributes.d?.replace(/[\d.-]+/g, "").replace(/\s+/g, ""))
      .join("|"),
  );
  // The message that waits ends short of its lifeline, with the same head as one that was handled.
  expect(forms).toHaveLength(5);
  expect(new Set(forms).size).toBe(4);
});

test("names are escaped, and long ones are cut at their beginning", () => {
  const flow = new FlowRecorder();
  flow.attempt(flow.emit("<shop>", { type: `<script>&${"x".repeat(80)}.order.placed` }), "mail");
  const { root } = svgOf(readTrace({ ...flow.recorded, services: flow.services }));
  const [arrow] = findByClass(root, "arrow");
  expect(arrow?.children[0]?.text).toContain("all of <script>&");
  expect(arrow?.children.filter(({ name }) => name === "text").map(textOf)[0]).toMatch(
    /^…x+\.order\.placed$/,
  );
  expect(textOf(root)).toContain("<shop>");
});
