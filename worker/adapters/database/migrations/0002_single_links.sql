-- The link of an order is kept with the order alone, so that it goes with its person.
UPDATE "bespoke"."plan_terms" SET "terms" = ("terms"::jsonb - 'link')::text WHERE "terms"::jsonb ? 'link';--> statement-breakpoint
UPDATE "bespoke"."campaign" SET "link" = NULL WHERE "link" IS NOT NULL AND "kind" = 'render' AND ("source"::jsonb)->>'kind' = 'erased';
