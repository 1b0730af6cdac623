import fc from "fast-check";
import { expect, test } from "vitest";
import { type Picture, writeSvg } from "./svg-picture.ts";
import { findByClass, readXml, textOf } from "./testing/read-xml.ts";

function pictureOf(text: string): Picture {
  return {
    title: text,
    width: 100,
    height: 50,
    background: "canvas",
    groups: [
      {
        className: "arrow",
        title: text,
        x: 4,
        y: 8,
        shapes: [
          { kind: "path", d: "M 0 0 H 10", stroke: "ink", width: 1.5, dash: "4 2" },
          { kind: "box", x: 0, y: 0, width: 8, height: 8, radius: 2, fill: "raised", border: null },
          {
            kind: "text",
            x: 1,
            y: 1,
            text,
            size: 12,
            colour: "ink",
            font: "mono",
            anchor: "start",
            halo: "canvas",
          },
        ],
      },
    ],
  };
}

test("a picture is a file that stands by itself, with its colours written out", () => {
  const svg = writeSvg(pictureOf("order.placed"), (name) => (name === "ink" ? "#111111" : "#eeeeee"));
  const root = readXml(svg);
  expect(root).toMatchObject({
    name: "svg",
    attributes: { xmlns: "http://www.w3.org/2000/svg", width: "100" },
  });
  expect(findByClass(root, "arrow")).toMatchObject([
    {
      attributes: { transform: "translate(4 8)" },
      children: [
        { name: "title", text: "order.placed" },
        { name: "path", attributes: { stroke: "#111111", "stroke-dasharray": "4 2", fill: "none" } },
        { name: "rect", attributes: { fill: "#eeeeee" } },
        { name: "text", text: "order.placed", attributes: { fill: "#111111", "text-anchor": "start" } },
      ],
    },
  ]);
  expect(svg).not.toMatch(/var\(|url\(|href|<image/);
});

test("whatever a name holds, it stays text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const root = readXml(writeSvg(pictureOf(`<b>&amp;"'${name}`), () => "#000000"));
      expect(findByClass(root, "arrow")).toHaveLength(1);
      expect(textOf(root)).toContain(`<b>&amp;"'`);
    }),
  );
});
