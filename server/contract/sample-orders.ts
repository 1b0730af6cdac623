import { z } from "zod";
import { projectionSchema } from "./projections.ts";

const viewSchema = z.object({
  version: z.number().int(),
  status: z.string(),
  items: z.number().int(),
  total: z.number(),
});

export const sampleOrdersSchema = z.object({
  /** The one that changed last comes first. */
  orders: z.array(
    z.object({
      id: z.string(),
      customerId: z.string().nullable(),
      /** As its stream has it. */
      written: viewSchema,
      /** As the read model has it; null while it knows nothing of it. */
      read: viewSchema.nullable(),
      /** Since the oldest change was recorded that the read model does not know; 0 when it knows all. */
      behindSeconds: z.number(),
    }),
  ),
  /** The read model with how far it is behind. */
  projection: projectionSchema,
});
export type SampleOrdersDto = z.infer<typeof sampleOrdersSchema>;
export type SampleOrderViewDto = z.infer<typeof viewSchema>;
