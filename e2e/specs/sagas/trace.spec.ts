import { openPage } from "#e2e/fixtures/navigation.ts";
import { expect, test } from "#e2e/fixtures/replays.ts";
import type { System } from "#e2e/fixtures/system.ts";

/** What a mediator told services, one after the other, with their answers: events are all that is known of it. */
async function mediate(system: System, flow: string, told: readonly [service: string, ...types: string[]][]) {
  const emit = (service: string, type: string, causedBy?: string, kind = "domain") =>
    system.send({
      type,
      flow,
      source: `${system.source}/${service}`,
      subject: "order-7",
      ...(causedBy !== undefined && { causedBy }),
      attributes: { kind },
    });
  let last = await emit("shop", "order.confirmed");
  for (const [service, command = "", answer = ""] of told) {
    const asked = await emit("mediator", command, last, "command");
    last = await emit(service, answer, asked);
  }
  return (type: string) => emit("mediator", type, last);
}

// The first words of a title stand in the types of its events, where `failed` would mean something.
test.describe("The trace of a flow", () => {
  test("says in one look that all went well, and shows what is selected in every view", async ({
    page,
    system,
  }) => {
    const flow = system.flow();
    const end = await mediate(system, flow, [
      ["payment", "payment.charge", "payment.charged"],
      ["inventory", "inventory.reserve", "inventory.reserved"],
    ]);
    await end("order.fulfilled");
    await openPage(page, `/flows/${encodeURIComponent(flow)}`);
    const facts = page.getByRole("region", { name: "Facts" });
    await expect(facts.getByText(/^Completed .* after it began\.$/)).toBeVisible();
    await expect(facts.getByText("6 events")).toBeVisible();
    await facts.getByRole("button", { name: "Evidence" }).click();
    await expect(
      facts.getByText(/^A mediator told 2 services what to do: 2 commands, 2 answered\./),
    ).toBeVisible();

    const timeline = page.getByRole("application", { name: "Timeline of 6 events" });
    await timeline.focus();
    await page.keyboard.press("]");
    await expect(page).toHaveURL(/select=event/);
    const panel = page.getByRole("region", { name: "Event" });
    await expect(panel.getByRole("heading").first()).toHaveText(system.type("order.confirmed"));
    await page.keyboard.press("]");
    await expect(panel.getByRole("heading").first()).toHaveText(system.type("payment.charge"));
    await page.getByRole("radio", { name: "Tree and log" }).click();
    await expect(page.getByRole("treeitem", { selected: true })).toContainText("payment.charge");
  });

  test("shows what was taken back, in reverse order, and can be played", async ({ page, system }) => {
    const flow = system.flow();
    const end = await mediate(system, flow, [
      ["payment", "payment.charge", "payment.charged"],
      ["inventory", "inventory.reserve", "inventory.reserved"],
      ["shipping", "shipping.ship", "shipping.refused"],
      ["inventory", "inventory.release", "inventory.released"],
      ["payment", "payment.refund", "payment.refunded"],
    ]);
    await end("order.cancelled");
    await openPage(page, `/flows/${encodeURIComponent(flow)}`);
    const facts = page.getByRole("region", { name: "Facts" });
    await expect(facts.getByText(/^Failed, and took back 2 of 2 steps, until/)).toBeVisible();
    await expect(facts.getByText(/shipping\.refused says that .* failed in /)).toBeVisible();
    await facts.getByRole("button", { name: "Evidence" }).click();
    await expect(facts.getByText(/2 steps take back what was done.*, in reverse order\./)).toBeVisible();
    await expect(page.getByRole("list", { name: "Taken back" }).getByRole("listitem")).toHaveText([
      /inventory$/,
      /payment$/,
    ]);

    const play = page.getByRole("region", { name: "Play the trace" });
    await play.getByRole("button", { name: "Previous moment" }).click();
    await expect(page).toHaveURL(/at=\d+/);
    await play.getByRole("slider", { name: "Moment" }).fill("0");
    await expect(facts.getByText("1 event", { exact: true })).toBeVisible();
    await play.getByRole("button", { name: "Next moment" }).click();
    await expect(facts.getByText("2 events", { exact: true })).toBeVisible();
    await play.getByRole("button", { name: "Back to now" }).click();
    await expect(facts.getByText("12 events", { exact: true })).toBeVisible();
  });

  test("leads to the dead letter where it hangs, and shows its replay as what happened next", async ({
    page,
    system,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    const flow = system.flow();
    await consumer.failsAt({ flow });
    consumer.mends();
    await openPage(page, `/flows/${encodeURIComponent(flow)}`);
    const facts = page.getByRole("region", { name: "Facts" });
    await expect(facts.getByText(/^Stopped .* is a dead letter in .*, after 1 attempt\.$/)).toBeVisible();
    await expect(facts.getByText(/The consumer answered 500/)).toBeVisible();
    await expect(facts.getByRole("link", { name: "Open the dead letter" })).toHaveAttribute(
      "href",
      /^\/dead-letters\/\d+\//,
    );
    await facts.getByRole("link", { name: "Plan its replay" }).click();
    await replays.isPlanned(1);
    const replay = await replays.run("The ledger is open again", 1);
    await replays.hasStatus("Finished");

    await openPage(page, `/flows/${encodeURIComponent(flow)}`);
    await expect(facts.getByText(/^Completed .* after it began\.$/)).toBeVisible();
    await expect(facts.getByRole("link", { name: `Replay #${replay}: succeeded` })).toBeVisible();
    await facts.getByRole("button", { name: "Evidence" }).click();
    await expect(facts.getByText("1 delivery was replayed, 1 of them with success.")).toBeVisible();
  });
});
