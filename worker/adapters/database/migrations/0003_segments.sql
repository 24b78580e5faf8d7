ALTER TABLE "bespoke"."render" ADD COLUMN "segments" text[];--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "variant" text;