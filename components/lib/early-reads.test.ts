import { runInNewContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { getJson } from "./api-client.ts";
import { writeEarlyRead } from "./early-reads.ts";

const answer = z.object({ total: z.number() });
const HOSTILE = `</script><script>alert("1")//`;

afterEach(() => vi.unstubAllGlobals());

/** Does what a browser does with the script of a page; gives the window, and what was asked for. */
function openPage(query: Record<string, string>) {
  const script = writeEarlyRead("/traces", query);
  const asked: string[] = [];
  const page = {
    fetch: async (url: string) => {
      asked.push(url);
      return Response.json({ total: 3 });
    },
    AbortSignal,
  };
  runInNewContext(script, Object.assign(page, { window: page }));
  return { script, asked, page };
}

test("what a page began to read is taken once, and then read anew", async () => {
  const { asked, page } = openPage({ value: "a b" });
  const later = vi.fn(async (_url: string) => Response.json({ total: 4 }));
  vi.stubGlobal("window", page);
  vi.stubGlobal("fetch", later);
  const read = (value: string) => getJson("/traces", answer, { query: { value } });
  expect(await read("b")).toEqual({ total: 4 });
  expect(await read("a b")).toEqual({ total: 3 });
  expect(await read("a b")).toEqual({ total: 4 });
  expect(asked).toEqual(["/api/v1/traces?value=a+b"]);
  expect(later).toHaveBeenCalledTimes(2);
});

test("nothing in an address ends the script", () => {
  const { script, asked } = openPage({ value: HOSTILE });
  expect(script).not.toContain("<");
  expect(new URL(asked[0] ?? "", "http://x").searchParams.get("value")).toBe(HOSTILE);
});
