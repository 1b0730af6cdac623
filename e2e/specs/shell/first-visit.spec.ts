import { openPage } from "#e2e/fixtures/navigation.ts";
import { expect, test } from "#e2e/fixtures/test.ts";

// The server does not know a browser's time zone before its first visit, and writes the first page in its own.
const ZONE = "Asia/Tokyo";
test.use({ timezoneId: ZONE });

test("a first visit from another time zone goes without a complaint in every room", async ({
  page,
  system,
}) => {
  const flow = system.flow();
  const first = await system.send({ type: "order.placed", flow });
  await system.send({ type: "order.shipped", flow, causedBy: first });
  await openPage(page, "/");
  const rooms = page.getByRole("navigation", { name: "Main navigation" }).getByRole("link");
  const links = await rooms.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  expect(links).toContain("/live");

  const complaints: string[] = [];
  const note = (text: string) => complaints.push(`${page.url()}: ${text}`);
  page.on("console", (message) => message.type() === "error" && note(message.text()));
  page.on("pageerror", (error) => note(error.message));
  for (const address of [...links, `/flows/${encodeURIComponent(flow)}`]) {
    // All that a browser keeps of the visit before.
    await page.context().clearCookies();
    await openPage(page, address);
    // The foot of the console is taken over last, and changes then to the browser's own zone.
    await expect(page.getByRole("contentinfo")).toContainText(ZONE);
  }
  expect(complaints).toEqual([]);
});
