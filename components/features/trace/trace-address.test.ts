import { expect, test } from "vitest";
import { apiPath } from "#components/lib/api-path.ts";
import { readOfPage, toTraceReference, traceQuery } from "#server/contract/trace-address.ts";

test.each([
  ["/flows/order-1", "order-1", null, null],
  ["/flows/a%2Fb%20%E6%B3%A8?view=tree", "a/b 注", null, null],
  ["/flows/7?correlation=payload&subject=%2Forders%2F7&at=12", "7", "payload", "/orders/7"],
  ["/flows/100%", "100%", null, null],
])(
  "what the page at %s asks for first is known before its code runs",
  (address, value, correlation, subject) => {
    const reference = toTraceReference(value, { correlation, subject });
    expect(readOfPage(address)).toBe(apiPath("/traces", traceQuery(reference, null)));
  },
);

test("other pages ask for themselves", () => {
  for (const address of ["/", "/flows", "/flows/a/b", "/sagas?q=1", "/api/v1/flows/a"])
    expect(readOfPage(address)).toBeNull();
});
