import { drawSequence } from "#server/domain/sagas/sequence.ts";
import { expect, sendOrder, test } from "../../fixtures/sequence-screen.ts";

test.describe("Reading a flow as a sequence diagram", () => {
  test("it has exactly the messages of the flow, here and wherever it is taken", async ({
    page,
    system,
    sequence,
  }) => {
    const flow = system.flow();
    await sendOrder(system, flow, { isInStock: true });
    await sequence.open(flow, "sequence");
    const trace = await sequence.traceOf(flow);
    const { arrows } = drawSequence(trace);
    await expect(page.getByText(`${trace.messages.length} messages`, { exact: true })).toBeVisible();
    await expect(sequence.arrows).toHaveCount(arrows.length);
    for (const [index, { type }] of arrows.entries()) {
      await expect(sequence.arrows.nth(index)).toHaveAccessibleName(new RegExp(`, ${type}, from `));
    }
    expect(await sequence.copiesMermaid()).toBe(await sequence.mermaidOf(flow));
    expect(await sequence.countsSavedArrows()).toBe(arrows.length);

    await sequence.toggleChannels();
    await expect(sequence.arrows).toHaveCount(trace.messages.length);
  });

  test("what is selected is selected in the tree, which shows what changed since its cause", async ({
    page,
    system,
    sequence,
  }) => {
    const flow = system.flow();
    await sendOrder(system, flow, { isInStock: false });
    await sequence.open(flow, "sequence");
    await sequence.diagram.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await expect(sequence.arrows.last()).toHaveAttribute("aria-selected", "true");
    await page.getByRole("radio", { name: "Tree and log" }).click();
    await expect(sequence.events).toHaveCount(4);
    await expect(sequence.events.and(page.getByRole("treeitem", { selected: true }))).toContainText(
      "payment.refunded",
    );

    await page
      .getByRole("button", { name: `Differences from its cause: ${system.type("payment.charged")}` })
      .click();
    const differences = page.getByRole("table", { name: /that differ from its cause$/ });
    await expect(differences.getByRole("row", { name: "/order" })).toContainText("9007199254740993");
    await expect(differences.getByRole("row", { name: "/order" })).toContainText("9007199254740992");

    await page.getByRole("searchbox", { name: /^Filter by type/ }).fill("reservation");
    await expect(sequence.events).toHaveCount(3);
  });
});
